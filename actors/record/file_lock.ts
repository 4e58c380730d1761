/**
 * A file that belongs to one process at a time. The operating system gives it back when the process
 * ends, however it ends.
 *
 * @module
 */
import { isStillAt } from "./file_identity.ts";

/** Whoever meets this many files that vanish while they are locked meets no other process. */
const MOST_ATTEMPTS = 1000;

/** Who only looks whether a lock is held has it for less than this. */
const LOOK_MS = 20;

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
   */
  static tryAcquire(path: string): FileLock | undefined {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const file = Deno.openSync(path, { create: true, write: true });
      if (!file.tryLockSync(true) && !lockAfterALook(file)) {
        file.close();
        return undefined;
      }
      const lock = new FileLock(path, file);
      if (lock.held) return lock;
      // Its last holder has removed it since it was opened here: the next one locks a new file.
      file.close();
    }
    throw new Error(`Cannot lock ${path}: it was removed each time`);
  }

  /**
   * Whether somebody holds a lock. Nothing is changed.
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

/** Try once more, as {@linkcode FileLock.isHeld} of another process may have been in the way. */
function lockAfterALook(file: Deno.FsFile): boolean {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  return file.tryLockSync(true);
}
