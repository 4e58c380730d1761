/**
 * The journal: every event of a run, one JSON line each, with a version, a number and a checksum.
 * It is the only source of truth; the CSV files follow from it.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { Evaluated, Sampled } from "./protocol.ts";

/** The first event: what the run was begun with. */
export interface Begun {
  readonly type: "Begun";
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What the journal holds. Everything else follows from these. */
export type JournalEvent = Begun | Sampled | Evaluated;

/** Written to every line; a journal of another version is refused. */
export const JOURNAL_VERSION = 1;

/** What is left of a journal after a crash. */
export interface JournalContents {
  readonly events: readonly JournalEvent[];
  /** Bytes of whole lines; what follows is the torn tail. */
  readonly wholeBytes: number;
  /** Bytes of a last line that was not written whole. */
  readonly tornBytes: number;
}

/** Append-only writer. Lines are handed to the disk in batches, each followed by an fsync. */
export class Journal implements AsyncDisposable {
  readonly #file: Deno.FsFile;
  #number: number;
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(file: Deno.FsFile, number: number) {
    this.#file = file;
    this.#number = number;
  }

  /**
   * Open a journal to write on, after the whole lines that it has. A torn tail is cut off.
   *
   * @param contents What {@linkcode readJournal} found.
   */
  static async open(path: string, contents: JournalContents): Promise<Journal> {
    const file = await Deno.open(path, { create: true, write: true });
    await file.truncate(contents.wholeBytes);
    await file.seek(0, Deno.SeekMode.End);
    return new Journal(file, contents.events.length);
  }

  /**
   * Add an event. It is on the disk when {@linkcode flushed} has resolved.
   *
   * @throws {Error} If an earlier line could not be written.
   */
  append(event: JournalEvent): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#pending.push(formatLine(this.#number++, event));
    this.#writing ??= this.#write();
  }

  /** @throws {Error} If a line could not be written. */
  async flushed(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Write what is pending and close the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const bytes = new TextEncoder().encode(this.#pending.splice(0).join(""));
        for (let written = 0; written < bytes.length;) {
          written += await this.#file.write(bytes.subarray(written));
        }
        await this.#file.syncData();
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#writing = undefined;
  }
}

/**
 * Read a journal. One that is not there is empty.
 *
 * @throws {SyntaxError} If a line other than the last is damaged, or is of another version.
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const text = await Deno.readFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  });
  const decoder = new TextDecoder();
  const events: JournalEvent[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf(0x0a, at);
    const line = end < 0 ? undefined : parseLine(decoder.decode(text.subarray(at, end)));
    const last = end < 0 || end === text.length - 1;
    if (line === undefined || line.number !== events.length) {
      if (last) return { events, wholeBytes: at, tornBytes: text.length - at };
      throw new SyntaxError(
        `Cannot read ${path}: line ${events.length + 1} is damaged; expected a whole line with ` +
          `number ${events.length} and a checksum that fits`,
      );
    }
    if (line.version !== JOURNAL_VERSION) {
      throw new SyntaxError(
        `Cannot read ${path}: expected version ${JOURNAL_VERSION}, received ${line.version}`,
      );
    }
    events.push(line.event);
    at = end + 1;
  }
  return { events, wholeBytes: at, tornBytes: 0 };
}

function formatLine(number: number, event: JournalEvent): string {
  const body = JSON.stringify(event, packFloats);
  return `{"version":${JOURNAL_VERSION},"number":${number},"crc32":${
    crc32(body)
  },"event":${body}}\n`;
}

function parseLine(
  text: string,
): { version: number; number: number; event: JournalEvent } | undefined {
  const match = /^\{"version":(\d+),"number":(\d+),"crc32":(\d+),"event":(.*)\}$/.exec(text);
  if (!match || crc32(match[4]!) !== Number(match[3])) return undefined;
  return {
    version: Number(match[1]),
    number: Number(match[2]),
    event: JSON.parse(match[4]!, unpackFloats),
  };
}

/** Points are written as base64 of little-endian float64, so that every bit survives. */
const POINTS: ReadonlySet<string> = new Set(["x", "unbounded", "step"]);

function packFloats(key: string, value: unknown): unknown {
  if (!POINTS.has(key)) return value;
  return new Uint8Array(Float64Array.from(value as readonly number[]).buffer).toBase64();
}

function unpackFloats(key: string, value: unknown): unknown {
  if (!POINTS.has(key)) return value;
  return [...new Float64Array(Uint8Array.fromBase64(value as string).buffer)];
}
