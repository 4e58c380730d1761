/**
 * Reads a journal while another process writes it: each time what is new.
 *
 * @module
 */
import type { EvaluationKey, Sampled } from "./facts.ts";
import type { JournalEvent } from "./journal.ts";
import { type Line, parseLine } from "./journal_line.ts";
import { checkedEvent, readLines } from "./read_lines.ts";

/**
 * An evaluation that was started. Points are most of a journal, and few of them are looked at: they
 * are read when they are.
 */
export interface Started extends EvaluationKey {
  readonly type: "Started";
  /**
   * Its point, length N.
   *
   * @throws {SyntaxError} If it is not in the file any more.
   */
  readonly point: () => readonly number[];
}

/** What happened in a run. */
export type TailEvent = Exclude<JournalEvent, Sampled> | Started;

/** What was read. */
export interface JournalNews {
  /** Whether what was read before does not count any more: it is another file, or was cut. */
  readonly isAnew: boolean;
  readonly events: readonly TailEvent[];
  /** Bytes at the end that are not whole lines, and wait for the rest of them. */
  readonly tornBytes: number;
  /** How much of the file was read, 0 to 1; less than 1 if there is more to read at once. */
  readonly share: number;
}

/** Of one call, so that whoever reads a long journal can do other things in between. */
const MOST_BYTES = 8 << 20;

/** Where a part is read to: what is made of it holds on to nothing of it. */
const part = new Uint8Array(MOST_BYTES);

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
      return { isAnew: true, events: [], tornBytes: 0, share: 1 };
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
      const bytes = readBytes(file, this.#at, roomFor(Math.min(most, size - this.#at)));
      const isEnd = this.#at + bytes.length >= size;
      const { read: events, wholeBytes, tornBytes } = this.#linesIn(bytes);
      if (events.length === 0 && !isEnd) continue;
      if (wholeBytes > 0) {
        const from = bytes.lastIndexOf(0x0a, wholeBytes - 2) + 1;
        this.#last = bytes.slice(from, wholeBytes);
      }
      this.#at += wholeBytes;
      this.#lines += events.length;
      this.#seen = isEnd ? now : "not read to its end";
      const share = isEnd ? 1 : this.#at / size;
      return { isAnew, events, tornBytes: isEnd ? tornBytes : 0, share };
    }
    throw new Error("unreachable");
  }

  #linesIn(bytes: Uint8Array) {
    const at = this.#at;
    try {
      return readLines(
        bytes,
        this.#path,
        this.#lines,
        (line, from, to) => this.#eventOf(line, at + from, to - from),
      );
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  #eventOf(line: Line, at: number, length: number): TailEvent {
    const { number } = line; // The line itself holds on to all bytes that were read with it.
    let key = line.started();
    if (!key) {
      const event = checkedEvent(line, this.#path);
      if (event.type !== "Sampled") return event;
      key = event;
    }
    const { generation, candidate, repeat } = key;
    let known: readonly number[] | undefined;
    const point = () => known ??= this.#pointAt(at, length, number);
    return { type: "Started", generation, candidate, repeat, point };
  }

  #pointAt(at: number, length: number, number: number): readonly number[] {
    using file = Deno.openSync(this.#path);
    const line = parseLine(readBytes(file, at, new Uint8Array(length)));
    if (typeof line === "object" && line.number === number) {
      const event = checkedEvent(line, this.#path);
      if (event.type === "Sampled") return event.draw.x;
    }
    throw new SyntaxError(`Cannot read ${this.#path}: line ${number + 1} is not what it was`);
  }

  /** Whether what was read before is still there. */
  #isContinued(file: Deno.FsFile, size: number): boolean {
    if (size < this.#at) return false;
    const { length } = this.#last;
    const there = readBytes(file, this.#at - length, new Uint8Array(length));
    return this.#last.every((byte, index) => there[index] === byte);
  }

  #forget(): void {
    this.#seen = undefined;
    this.#at = 0;
    this.#lines = 0;
    this.#last = new Uint8Array();
  }
}

function roomFor(count: number): Uint8Array<ArrayBuffer> {
  return count <= part.length ? part.subarray(0, count) : new Uint8Array(count);
}

/** Fills `bytes` from a place in a file on, as far as the file goes. */
function readBytes(file: Deno.FsFile, from: number, bytes: Uint8Array<ArrayBuffer>) {
  const count = bytes.length;
  file.seekSync(from, Deno.SeekMode.Start);
  let length = 0;
  while (length < count) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) break; // It was cut meanwhile.
    length += read;
  }
  return bytes.subarray(0, length);
}
