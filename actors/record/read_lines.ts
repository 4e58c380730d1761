/**
 * Reads the lines of a journal as far as they are whole, and tells a torn end from damage.
 *
 * @module
 */
import { faultOfEvent } from "./check_event.ts";
import type { JournalContents, JournalEvent } from "./journal.ts";
import { JOURNAL_VERSION, type Line, parseLine } from "./journal_line.ts";

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
