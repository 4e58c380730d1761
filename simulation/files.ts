/**
 * Where a simulation keeps its files. It never waits for a disk, which would take real time.
 *
 * @module
 */
import type { RunFolder } from "../actors/population/recorded_population.ts";
import { type AppendFile, diskFiles, type RunFiles } from "../actors/record/run_files.ts";

/** Bytes that are kept before they are written. */
const BUFFER_BYTES = 1 << 16;

/** On the disk, in large pieces, without waiting until they would survive a power cut. */
export const unsyncedFiles: RunFiles = {
  read: diskFiles.read,
  open: (path, keep) => new BufferedFile(diskFiles.open(path, keep)),
};

/** Nowhere. */
export const noFiles: RunFiles = {
  read: () => new Uint8Array(),
  open: () => ({
    write() {},
    sync: () => Promise.resolve(),
    isIntact: () => true,
    [Symbol.dispose]() {},
  }),
};

/** The folder of a run that leaves nothing behind. */
export const noFolder: RunFolder = {
  path: "",
  id: undefined,
  file: (name) => name,
  writeConfiguration() {},
  writeJson() {},
};

class BufferedFile implements AppendFile {
  readonly #file: AppendFile;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;

  constructor(file: AppendFile) {
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    if (this.#used + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) return this.#file.write(bytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  isIntact(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    try {
      this.#flush();
    } finally {
      this.#file[Symbol.dispose]();
    }
  }

  #flush(): void {
    this.#file.write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}
