/**
 * A disk in memory that knows what is safe: a process that is killed loses nothing of what it has
 * written, and a cut of the power may take what was not synced.
 *
 * @module
 */
import type { AppendFile, RunFiles } from "../../actors/record/run_files.ts";
import { type Clock, sleep } from "../../actors/runtime/mod.ts";
import type { Random } from "../../random.ts";

/** Whoever looks at the files. */
export interface DiskWatcher {
  /** A file has other bytes than before, those before `from` apart. */
  readonly onChange: (path: string, from: number) => void;
  /** All bytes of a file are safe. */
  readonly onSync: (path: string) => void;
}

/** How a process fares with the disk. */
export interface MountOptions extends DiskWatcher {
  readonly clock: Clock;
  /** How long the next sync takes, in milliseconds. */
  readonly syncMs: () => number;
  /** Whether no space is left. */
  readonly isFull: () => boolean;
}

/** The bytes of a file, and what of them would outlive a cut of the power. */
class StoredFile {
  #bytes = new Uint8Array(256);
  length = 0;
  /** Whether its name would. */
  isNamed = false;
  /** Of the bytes, how many are safe. */
  safe = 0;
  /** All that was safe when some of it was cut off. */
  #before: Uint8Array | undefined;

  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** What is there for certain after a cut of the power. */
  get least(): Uint8Array {
    return this.#before ?? this.#bytes.slice(0, this.safe);
  }

  append(added: Uint8Array): void {
    const length = this.length + added.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.content);
      this.#bytes = larger;
    }
    this.#bytes.set(added, this.length);
    this.length = length;
  }

  truncate(length: number): void {
    if (length < this.safe) {
      this.#before ??= this.content.slice(0, this.safe);
      this.safe = length;
    }
    this.length = length;
  }

  /** The first bytes are safe, and nothing else is. */
  sync(length: number): void {
    this.#before = undefined;
    this.safe = length;
    this.isNamed = true;
  }
}

/** Files that outlive the processes which write them. */
export class SimulatedDisk {
  readonly #files = new Map<string, StoredFile>();
  readonly #random: Random;

  /** @param random Says what is left of bytes that were not safe. */
  constructor(random: Random) {
    this.#random = random;
  }

  /** The paths of all files. */
  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** The bytes of a file as they are now; none if it is not there. They change when it is written. */
  content(path: string): Uint8Array {
    return this.#files.get(path)?.content ?? new Uint8Array();
  }

  /** The first of these bytes, which a cut of the power would leave. */
  safe(path: string): Uint8Array {
    const file = this.#files.get(path);
    return file?.content.subarray(0, file.safe) ?? new Uint8Array();
  }

  /** A process begins. */
  mount(options: MountOptions): MountedDisk {
    return new MountedDisk(this.#files, this.#random, options);
  }

  /** A process begins on whose disk nothing goes wrong, and no sync takes time. */
  mountFaultless(clock: Clock): MountedDisk {
    return this.mount({
      clock,
      syncMs: () => 0,
      isFull: () => false,
      onChange: () => {},
      onSync: () => {},
    });
  }

  /**
   * Cuts the power: what is not safe is lost, or with `torn` any part of it may be there, also with
   * zeros in the place of what came last.
   */
  cutPower(torn: boolean): void {
    for (const [path, file] of this.#files) {
      const isKept = torn && this.#random.uniform() < 0.8;
      if (isKept || file.isNamed) {
        const left = isKept ? this.#torn(file) : file.least;
        const after = new StoredFile();
        after.append(left);
        after.sync(left.length);
        this.#files.set(path, after);
      } else {
        this.#files.delete(path);
      }
    }
  }

  /** Some of the bytes after those that are safe. */
  #torn({ content, safe }: StoredFile): Uint8Array {
    const length = safe + this.#random.integer(content.length - safe + 1);
    const left = content.slice(0, length);
    if (this.#random.uniform() < 0.3) left.fill(0, safe + this.#random.integer(length - safe + 1));
    return left;
  }
}

/** The disk as one process sees it. */
export class MountedDisk implements RunFiles {
  /** Called after every operation, of which there may be no more. */
  onOperation: () => void = () => {};
  /** Whether something could not be written. */
  hasFailed = false;
  /** Syncs that are not done. */
  syncing = 0;
  readonly #files: Map<string, StoredFile>;
  readonly #random: Random;
  readonly #options: MountOptions;
  #isGone = false;

  constructor(files: Map<string, StoredFile>, random: Random, options: MountOptions) {
    this.#files = files;
    this.#random = random;
    this.#options = options;
  }

  /** The process is no more: what its remains still write goes nowhere. */
  unmount(): void {
    this.#isGone = true;
  }

  read(path: string): Uint8Array {
    return this.#files.get(path)?.content.slice() ?? new Uint8Array();
  }

  open(path: string, keep: number): AppendFile {
    let file = this.#files.get(path);
    if (!this.#isGone) {
      if (!file) this.#files.set(path, file = new StoredFile());
      file.truncate(keep);
      this.#options.onChange(path, keep);
    }
    file ??= new StoredFile();
    return {
      write: (bytes) => this.#write(path, file, bytes),
      sync: () => this.#sync(path, file),
      isIntact: () => true,
      [Symbol.dispose]() {},
    };
  }

  /** Writes a file whole or not at all; then it is safe. */
  replace(path: string, text: string): void {
    if (this.#isGone) return;
    this.#requireSpace(path);
    const file = new StoredFile();
    file.append(new TextEncoder().encode(text));
    file.sync(file.length);
    this.#files.set(path, file);
    this.#options.onChange(path, 0);
    this.onOperation();
  }

  #write(path: string, file: StoredFile, bytes: Uint8Array): void {
    if (this.#isGone) return;
    const from = file.length;
    try {
      if (this.#options.isFull()) {
        file.append(bytes.subarray(0, this.#random.integer(Math.max(1, bytes.length))));
      }
      this.#requireSpace(path);
      file.append(bytes);
    } finally {
      this.#options.onChange(path, from);
    }
    this.onOperation();
  }

  async #sync(path: string, file: StoredFile): Promise<void> {
    if (this.#isGone) return await new Promise(() => {});
    const { length } = file;
    const { clock, syncMs, onSync } = this.#options;
    this.syncing++;
    await sleep(clock, syncMs());
    this.syncing--;
    if (this.#isGone) return await new Promise(() => {});
    // Space may have been promised that is not there.
    if (this.#random.uniform() < 0.5) this.#requireSpace(path);
    file.sync(length);
    onSync(path);
    this.onOperation();
  }

  /** @throws {Error} As the system does if there is none. */
  #requireSpace(path: string): void {
    if (!this.#options.isFull()) return;
    this.hasFailed = true;
    throw Object.assign(
      new Error(`Cannot write ${path}: No space left on device (os error 28)`),
      { code: "ENOSPC" },
    );
  }
}
