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
import { formatEvent, formatLine } from "./journal_line.ts";
import { checkedEvent, readLines } from "./read_lines.ts";
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
