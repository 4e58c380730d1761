/**
 * Reads a journal while another process writes it: each time what is new.
 *
 * @module
 */
import { contentsOf, type JournalEvent } from "./journal.ts";

/** What was read. */
export interface JournalNews {
  /** Whether what was read before does not count any more: it is another file, or was cut. */
  readonly isAnew: boolean;
  readonly events: readonly JournalEvent[];
  /** Bytes at the end that are not whole lines, and wait for the rest of them. */
  readonly tornBytes: number;
  /** Whether there is more to read at once. */
  readonly hasMore: boolean;
}

/** Of one call, so that whoever reads a long journal can do other things in between. */
const MOST_BYTES = 4 << 20;

/** A journal, and how far it was read. The file is open only while it is read. */
export class JournalTail {
  readonly #path: string;
  /** What the system said of the file when it was read to its end. */
  #seen: string | undefined;
  #at = 0;
  #lines = 0;
  /** The last line that was read, which must still be there when reading goes on. */
  #last = new Uint8Array();

  /** @param path Of the journal. It need not be there yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads on.
   *
   * @returns `undefined` if the file is as it was.
   * @throws {SyntaxError} If the journal is damaged; then nothing counts as read.
   */
  read(): JournalNews | undefined {
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (this.#seen === undefined) return undefined;
      this.#forget();
      return { isAnew: true, events: [], tornBytes: 0, hasMore: false };
    }
    try {
      return this.#readFrom(file);
    } finally {
      file.close();
    }
  }

  #readFrom(file: Deno.FsFile): JournalNews | undefined {
    const { size, mtime, ino, dev } = file.statSync();
    const now = `${dev} ${ino} ${size} ${mtime?.getTime()}`;
    if (now === this.#seen) return undefined;
    let isAnew = false;
    if (!this.#isContinued(file, size)) {
      isAnew = this.#seen !== undefined;
      this.#forget();
    }
    // A line that is longer than the part, or a torn one in its middle, needs all that follows.
    for (const most of [MOST_BYTES, Infinity]) {
      const bytes = readBytes(file, this.#at, Math.min(most, size - this.#at));
      const isEnd = this.#at + bytes.length >= size;
      const { events, wholeBytes, tornBytes } = this.#contentsOf(bytes);
      if (events.length === 0 && !isEnd) continue;
      if (wholeBytes > 0) {
        const from = bytes.lastIndexOf(0x0a, wholeBytes - 2) + 1;
        this.#last = bytes.slice(from, wholeBytes);
      }
      this.#at += wholeBytes;
      this.#lines += events.length;
      this.#seen = isEnd ? now : "not read to its end";
      return { isAnew, events, tornBytes: isEnd ? tornBytes : 0, hasMore: !isEnd };
    }
    throw new Error("unreachable");
  }

  #contentsOf(bytes: Uint8Array) {
    try {
      return contentsOf(bytes, this.#path, this.#lines);
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  /** Whether what was read before is still there. */
  #isContinued(file: Deno.FsFile, size: number): boolean {
    if (size < this.#at) return false;
    const there = readBytes(file, this.#at - this.#last.length, this.#last.length);
    return this.#last.every((byte, index) => there[index] === byte);
  }

  #forget(): void {
    this.#seen = undefined;
    this.#at = 0;
    this.#lines = 0;
    this.#last = new Uint8Array();
  }
}

/** As many bytes as there are, from a place in a file on. */
function readBytes(file: Deno.FsFile, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  file.seekSync(from, Deno.SeekMode.Start);
  let length = 0;
  while (length < count) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) break; // It was cut meanwhile.
    length += read;
  }
  return bytes.subarray(0, length);
}
