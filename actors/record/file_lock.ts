/**
 * A file that belongs to one process at a time. The operating system gives it back when the process
 * ends, however it ends.
 *
 * @module
 */
import { isStillAt } from "./file_identity.ts";

/** Whoever meets this many files that vanish while they are locked meets no other process. */
const MOST_ATTEMPTS = 1000;

/** Who only looks has the file for some microseconds, unless the system lets it wait meanwhile. */
const LOOK_MS = 5;

/** Whoever waits this long for those who only look meets one that the system has stopped. */
const MOST_LOOKING_MS = 60_000;

/** A lock that is held until it is disposed of. */
export class FileLock implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Take the lock, if nobody has it.
   *
   * @param path Of its file, which is there as long as the lock is held.
   * @returns `undefined` if another one holds it.
   * @throws {Error} If the file vanishes each time, or somebody looks at it without end.
   */
  static tryAcquire(path: string): FileLock | undefined {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const file = Deno.openSync(path, { create: true, read: true, write: true });
      let isTaken = false;
      try {
        isTaken = takeFrom(file, path);
      } finally {
        if (!isTaken) file.close();
      }
      if (!isTaken) return undefined;
      const lock = new FileLock(path, file);
      if (lock.held) return lock;
      // Its last holder has removed it since it was opened here: the next one locks a new file.
      file.close();
    }
    throw new Error(`Cannot lock ${path}: it was removed each time`);
  }

  /**
   * Whether somebody holds a lock. Nothing is changed: the look shares the file with other looks, and
   * who takes the lock meanwhile knows a look from a holder.
   *
   * @param path Of its file.
   */
  static isHeld(path: string): boolean {
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
    try {
      return !file.tryLockSync(false); // Gone with the file.
    } finally {
      file.close();
    }
  }

  /** Whether the file is still where it was: if not, another process can have a lock there. */
  get held(): boolean {
    return isStillAt(this.#path, this.#file.statSync());
  }

  /** Gives it back. Only who holds the lock may remove the file. */
  [Symbol.dispose](): void {
    try {
      if (this.held) Deno.removeSync(this.#path);
    } catch {
      // A file that stays behind is free for the next one.
    } finally {
      this.#file.close();
    }
  }
}

/**
 * Whether the lock could be taken. A holder shares the file with nobody, and those who only look share
 * it with all: where it can be shared, nobody holds the lock, and their looks are soon over.
 */
function takeFrom(file: Deno.FsFile, path: string): boolean {
  const end = performance.now() + MOST_LOOKING_MS;
  while (!file.tryLockSync(true)) {
    if (!file.tryLockSync(false)) return false;
    file.unlockSync();
    if (performance.now() > end) {
      throw new Error(`Cannot lock ${path}: a process that only looks at it does not let go of it`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  return true;
}
