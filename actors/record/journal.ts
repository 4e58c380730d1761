/**
 * The journal: every event of a run, one JSON line each, with a version, a number and a checksum.
 * It is the only source of truth; the CSV files follow from it.
 *
 * Lines go to the disk in batches. Each line says how many lines were known to be on the disk when
 * it was written, so that whoever reads the file after a crash can tell a batch that was never
 * confirmed, which is cut off, from damage to what was.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { faultOfEvent } from "./check_event.ts";
import { formatEvent, formatLine, JOURNAL_VERSION, type Line, parseLine } from "./journal_line.ts";
import type { Ended, Evaluated, Sampled } from "./facts.ts";
import { type AppendFile, diskFiles, type RunFiles } from "./run_files.ts";
import { utf8 } from "./utf8.ts";

/** The first event: what the run was begun with. */
export interface Begun {
  readonly type: "Begun";
  /** The run's name for itself, as in `config.json`. Runs of mddes 0.1.0 have none. */
  readonly run?: string | undefined;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What the journal holds. Everything else follows from these. */
export type JournalEvent = Begun | Sampled | Evaluated | Ended;

/** What is left of a journal after a crash. */
export interface JournalContents {
  readonly events: readonly JournalEvent[];
  /** Bytes of whole lines; what follows is the torn tail. */
  readonly wholeBytes: number;
  /** Bytes of a last batch that was not written whole. */
  readonly tornBytes: number;
}

/** Append-only writer. Lines are handed to the disk in batches, each followed by an fsync. */
export class Journal implements AsyncDisposable {
  /** Rejects when something could not be written; then nothing more is. */
  readonly failed: Promise<never>;
  readonly #path: string;
  readonly #file: AppendFile;
  readonly #fail: (error: unknown) => void;
  #lines: number;
  #synced: number;
  #pending: string[] = [];
  #waiting: (() => void)[] = [];
  #writing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(path: string, file: AppendFile, lines: number) {
    this.#path = path;
    this.#file = file;
    this.#lines = lines;
    this.#synced = lines;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failed = promise;
    this.#fail = reject;
  }

  /**
   * Open a journal to write on, after the whole lines that it has. A torn tail is cut off.
   *
   * @param contents What {@linkcode readJournal} found.
   * @param files Where it is kept. Default: on the disk.
   */
  static async open(
    path: string,
    contents: JournalContents,
    files: RunFiles = diskFiles,
  ): Promise<Journal> {
    const file = files.open(path, contents.wholeBytes);
    try {
      // Whoever wrote these lines may have been killed before they were on the disk.
      await file.sync();
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
    return new Journal(path, file, contents.events.length);
  }

  /**
   * Add an event. It is on the disk when {@linkcode flushed} has resolved.
   *
   * @throws {Error} If an earlier line could not be written.
   */
  append(event: JournalEvent): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#pending.push(formatEvent(event));
    this.#lines++;
    this.#writing ??= this.#write();
  }

  /**
   * Do something when all that was appended so far is on the disk, in the order of the calls. It is
   * not done if that cannot be written; an error of its own counts as one of writing.
   *
   * @throws {Error} If an earlier line could not be written.
   */
  whenSynced(then: () => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#writing) this.#waiting.push(then);
    else then();
  }

  /** Lines that it has, or will have when what was appended is written. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines that are on the disk: the first so many. */
  get synced(): number {
    return this.#synced;
  }

  /** @throws {Error} If a line could not be written. */
  async flushed(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Write what is pending and close the file. Whether it could be written, `flushed` says. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file[Symbol.dispose]();
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0 || this.#waiting.length > 0) {
        const bodies = this.#pending;
        const waiting = this.#waiting;
        this.#pending = [];
        this.#waiting = [];
        if (bodies.length > 0) {
          this.#requireIntact();
          this.#file.write(this.#linesOf(bodies));
          await this.#file.sync();
          this.#requireIntact();
          this.#synced += bodies.length;
        }
        for (const then of waiting) then();
      }
    } catch (error) {
      this.#failure = error;
      this.#fail(this.#failure);
    }
    this.#writing = undefined;
  }

  #linesOf(bodies: readonly string[]): Uint8Array {
    const synced = this.#synced;
    let text = "";
    for (let i = 0; i < bodies.length; i++) text += formatLine(synced + i, synced, bodies[i]!);
    return utf8(text);
  }

  #requireIntact(): void {
    if (this.#file.isIntact()) return;
    throw new ConfigurationError(
      `Cannot go on: ${this.#path} was removed, replaced or changed while the run was writing it`,
    );
  }
}

/**
 * Read a journal. One that is not there is empty.
 *
 * @param files Where it is kept. Default: on the disk.
 * @throws {SyntaxError} If a line is damaged that had been on the disk whole, or one is of another
 * version, or says what no run writes. (The promise rejects.)
 */
export function readJournal(path: string, files: RunFiles = diskFiles): Promise<JournalContents> {
  return Promise.try(() => contentsOf(files.read(path), path));
}

function contentsOf(bytes: Uint8Array, path: string): JournalContents {
  const { read, ...size } = readLines(bytes, path, 0, (line) => checkedEvent(line, path));
  return { events: read, ...size };
}

/**
 * The event of a line.
 *
 * @param path Of the journal, for errors.
 * @throws {SyntaxError} If it is none that a run writes.
 */
export function checkedEvent(line: Line, path: string): JournalEvent {
  const refuse = (fault: string) =>
    new SyntaxError(
      `Cannot read ${path}: line ${line.number + 1} is none that a run writes: ${fault}`,
    );
  let event: JournalEvent;
  try {
    event = line.event();
  } catch (error) {
    throw refuse((error as Error).message);
  }
  const fault = faultOfEvent(event);
  if (fault !== undefined) throw refuse(fault);
  return event;
}

/**
 * Read the lines of a journal, or of the rest of one, as far as they are whole.
 *
 * @param bytes From the beginning of a line on.
 * @param path Of the journal, for errors.
 * @param first The number of that line, from 0.
 * @param readLine What is made of a line; `from` and `to` are its place in the bytes.
 * @throws {SyntaxError} If a line is damaged that had been on the disk whole, or is of another version.
 */
export function readLines<T>(
  bytes: Uint8Array,
  path: string,
  first: number,
  readLine: (line: Line, from: number, to: number) => T,
): { readonly read: T[] } & Omit<JournalContents, "events"> {
  const refuse = (why: string) => new SyntaxError(`Cannot read ${path}: ${why}`);
  if (first === 0 && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte)) {
    throw refuse("it begins with a byte order mark, which no run writes; remove these 3 bytes");
  }
  const read: T[] = [];
  let wholeBytes = 0;
  let wholeLines = 0;
  /** Lines that were on the disk, as any line says. */
  let synced = 0;
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(0x0a, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = parseLine(bytes.subarray(at, end));
    if (typeof line === "number") {
      throw refuse(`expected version 1 or ${JOURNAL_VERSION}, received ${line}`);
    }
    if (line) {
      wholeLines++;
      synced = Math.max(synced, line.synced);
      if (at === wholeBytes && line.number === first + read.length && newline >= 0) {
        read.push(readLine(line, at, end));
        wholeBytes = newline + 1;
      }
    }
    at = end + 1;
  }
  const tornBytes = bytes.length - wholeBytes;
  const next = first + read.length;
  const isNone = first === 0 && wholeLines === 0 && bytes.includes(0x0a);
  if (tornBytes > 0 && (synced > next || isNone)) {
    throw refuse(
      `line ${
        next + 1
      } is damaged; expected a whole line with number ${next} and a checksum that ` +
        `fits`,
    );
  }
  return { read, wholeBytes, tornBytes };
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
