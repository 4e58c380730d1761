/**
 * Where the journal and the tables of a run are kept: on the disk, or wherever a simulation says.
 *
 * @module
 */
import { namingFile, syncFolderOf, writeBytes } from "./durable_file.ts";
import { isStillAt } from "./file_identity.ts";

/** A file that is written at its end. */
export interface AppendFile extends Disposable {
  /**
   * Adds bytes, all of them. A power cut may take those that were not synced, from any place on.
   *
   * @param bytes What becomes of them after the call does not matter.
   * @throws {Error} Which names the file, if they cannot be written; some may have been.
   */
  write(bytes: Uint8Array): void;
  /** Resolves when all that was written before the call would survive a power cut. */
  sync(): Promise<void>;
  /** Whether it is still at its path, with what was written here and nothing more. */
  isIntact(): boolean;
}

/** Keeps files, by their paths. */
export interface RunFiles {
  /** All bytes of a file; none if it is not there. */
  read(path: string): Uint8Array;
  /**
   * Opens a file to be written at its end, and creates it if it is not there.
   *
   * @param keep How many of its bytes stay; what follows is cut off.
   */
  open(path: string, keep: number): AppendFile;
}

/** On the disk. */
export const diskFiles: RunFiles = {
  read(path) {
    try {
      return Deno.readFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Uint8Array();
      throw error;
    }
  },
  open: (path, keep) => new DiskFile(path, keep),
};

class DiskFile implements AppendFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #length: number;
  #wasSynced = false;

  constructor(path: string, keep: number) {
    this.#path = path;
    this.#length = keep;
    this.#file = Deno.openSync(path, { create: true, write: true });
    try {
      this.#file.truncateSync(keep);
      this.#file.seekSync(keep, Deno.SeekMode.Start);
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    writeBytes(this.#file, this.#path, bytes);
    this.#length += bytes.length;
  }

  async sync(): Promise<void> {
    try {
      if (this.#wasSynced) return await this.#file.syncData();
      await this.#file.sync();
      syncFolderOf(this.#path);
      this.#wasSynced = true;
    } catch (error) {
      throw namingFile(this.#path, error);
    }
  }

  isIntact(): boolean {
    const open = this.#file.statSync();
    return open.size === this.#length && isStillAt(this.#path, open);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
