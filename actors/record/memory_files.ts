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
    return this.#files.get(path)?.bytes.slice() ?? new Uint8Array();
  }

  open(path: string, keep: number): AppendFile {
    const file = new MemoryFile(this.read(path).subarray(0, keep), this.#syncTime);
    this.#files.set(path, file);
    return file;
  }
}

const SMALLEST = 1 << 12;

class MemoryFile implements AppendFile {
  /** Longer than what is in it, so that adding to it is cheap. */
  #room: Uint8Array;
  #length: number;
  readonly #syncTime: SyncTime | undefined;

  constructor(bytes: Uint8Array, syncTime: SyncTime | undefined) {
    this.#room = new Uint8Array(Math.max(SMALLEST, 2 * bytes.length));
    this.#room.set(bytes);
    this.#length = bytes.length;
    this.#syncTime = syncTime;
  }

  /** What is in it, until it is written to. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  write(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const { bytes: before } = this;
      this.#room = new Uint8Array(2 * length);
      this.#room.set(before);
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
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
