/**
 * Files in memory, for tests and simulations.
 *
 * @module
 */
import { type Clock, sleep } from "../runtime/mod.ts";
import type { AppendFile, RunFiles } from "./run_files.ts";

/** How long a sync takes. */
export interface SyncTime {
  readonly clock: Clock;
  /** By the clock, in milliseconds. */
  readonly syncMs: number;
}

/** Keeps files in memory. */
export class MemoryFiles implements RunFiles {
  readonly #files = new Map<string, MemoryFile>();
  readonly #syncTime: SyncTime | undefined;

  /** @param syncTime How long a sync takes. Default: no time. */
  constructor(syncTime?: SyncTime) {
    this.#syncTime = syncTime;
  }

  read(path: string): Uint8Array {
    return this.#files.get(path)?.bytes ?? new Uint8Array();
  }

  open(path: string, keep: number): AppendFile {
    const file = new MemoryFile(this.read(path).subarray(0, keep), this.#syncTime);
    this.#files.set(path, file);
    return file;
  }
}

const CHUNK_BYTES = 1 << 18;

class MemoryFile implements AppendFile {
  /** Of the same length; only the last one is not full. */
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  readonly #syncTime: SyncTime | undefined;

  constructor(bytes: Uint8Array, syncTime: SyncTime | undefined) {
    this.#syncTime = syncTime;
    this.write(bytes);
  }

  /** A copy of what is in it. */
  get bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    for (const [index, chunk] of this.#chunks.entries()) {
      const start = index * CHUNK_BYTES;
      bytes.set(chunk.subarray(0, this.#length - start), start);
    }
    return bytes;
  }

  write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) {
      const at = this.#length % CHUNK_BYTES;
      if (at === 0) this.#chunks.push(new Uint8Array(CHUNK_BYTES));
      const part = bytes.subarray(written, written + CHUNK_BYTES - at);
      this.#chunks.at(-1)!.set(part, at);
      written += part.length;
      this.#length += part.length;
    }
  }

  sync(): Promise<void> {
    if (!this.#syncTime) return Promise.resolve();
    return sleep(this.#syncTime.clock, this.#syncTime.syncMs);
  }

  isIntact(): boolean {
    return true;
  }

  [Symbol.dispose](): void {}
}
