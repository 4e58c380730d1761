/**
 * One line of a journal: an event with a version, a number and a checksum.
 *
 * @module
 */
// A name that is not exported would end an old Deno before it can be refused in words.
import zlib from "node:zlib";
import type { JournalEvent } from "./journal.ts";
import type { Draw } from "../../strategies/mod.ts";
import type { Evaluated, Scores, Timing } from "./facts.ts";

/** Written to every line. Version 1 is read, too, and continued with lines of version 2. */
export const JOURNAL_VERSION = 2;

/** A line that is whole. */
export interface Line {
  readonly number: number;
  /** Lines that were on the disk when it was written. */
  readonly synced: number;
  readonly event: () => JournalEvent;
}

/** An event as it stands in a line. */
export function formatEvent(event: JournalEvent): string {
  if (event.type === "Evaluated") return JSON.stringify(event); // it holds no points
  if (event.type === "Sampled") {
    const draw = packDraw(event.draw);
    if (draw) return JSON.stringify({ ...event, draw });
  }
  return JSON.stringify(event, packFloats);
}

/**
 * A line of the present version. The checksum is that of all that stands before it.
 *
 * @param number Of the line, from 0.
 * @param synced Lines that are on the disk.
 * @param body See {@linkcode formatEvent}.
 */
export function formatLine(number: number, synced: number, body: string): string {
  const head = `{"version":${JOURNAL_VERSION},"number":${number},"synced":${synced},"event":`;
  return `${head}${body},"crc32":${zlib.crc32(body, zlib.crc32(head))}}\n`;
}

/**
 * Read a line.
 *
 * @param bytes Without the end of line.
 * @returns Its version if that is not known here, and `undefined` if it is damaged.
 */
export function parseLine(bytes: Uint8Array): Line | number | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  const version = Number(/^\{"version":(\d+),/.exec(text)?.[1] ?? NaN);
  if (version === 1) return parseVersion1(text);
  if (version !== JOURNAL_VERSION) return Number.isNaN(version) ? undefined : version;
  const match = VERSION_2.exec(text);
  if (!match || zlib.crc32(match[1]!) !== Number(match[5])) return undefined;
  const [, , number, synced, body] = match;
  return { number: Number(number), synced: Number(synced), event: () => parseEvent(body!) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const VERSION_2 = /^(\{"version":2,"number":(\d+),"synced":(\d+),"event":(.*)),"crc32":(\d+)\}$/s;

/** It had a checksum of the event alone. What was on the disk it did not say: all before it. */
function parseVersion1(text: string): Line | undefined {
  const match = /^\{"version":1,"number":(\d+),"crc32":(\d+),"event":(.*)\}$/s.exec(text);
  if (!match || zlib.crc32(match[3]!) !== Number(match[2])) return undefined;
  const number = Number(match[1]);
  return { number, synced: number, event: () => upgraded(parseEvent(match[3]!)) };
}

function parseEvent(body: string): JournalEvent {
  return JSON.parse(body, unpackFloats);
}

/** An event of version 1 as the present one has it: it knew the scores of two parts by name. */
function upgraded(event: JournalEvent | EvaluatedInVersion1): JournalEvent {
  if (event.type !== "Evaluated" || !("training" in event)) return event as JournalEvent;
  const { training, scoring, trainTiming, scoreTiming, ...rest } = event;
  // An objective of the user's own told no score but the fitness.
  const first = training === null && scoring === null ? "measure" : "train";
  return {
    ...rest,
    scores: { ...training, ...scoring },
    timings: {
      ...(trainTiming && { [first]: trainTiming }),
      ...(scoreTiming && { score: scoreTiming }),
    },
  };
}

interface EvaluatedInVersion1 extends Omit<Evaluated, "scores" | "timings"> {
  readonly training: Scores | null;
  readonly scoring: Scores | null;
  readonly trainTiming: Timing | null;
  readonly scoreTiming: Timing | null;
}

/** Points are written as base64 of little-endian float64, so that every bit survives. */
const POINTS: ReadonlySet<string> = new Set(["x", "unbounded", "step"]);

function packFloats(key: string, value: unknown): unknown {
  return POINTS.has(key) && isPoint(value) ? pack(value) : value;
}

/**
 * A draw with its points packed, which is much faster than {@linkcode packFloats}; `undefined` if it
 * holds more than points and primitives.
 */
function packDraw(draw: Draw): object | undefined {
  if (typeof draw !== "object" || draw === null || Array.isArray(draw)) return undefined;
  const packed: Record<string, unknown> = { ...draw };
  for (const key in packed) {
    const value = packed[key];
    if (typeof value !== "object" || value === null) continue;
    if (!POINTS.has(key) || !isPoint(value)) return undefined;
    packed[key] = pack(value);
  }
  return packed;
}

function isPoint(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== "number") return false;
  return true;
}

function pack(point: readonly number[]): string {
  if (floats.length !== point.length) {
    floats = new Float64Array(point.length);
    bytes = new Uint8Array(floats.buffer);
  }
  floats.set(point);
  return bytes.toBase64();
}

/** Where {@linkcode pack} puts a point: the next one has the same length. */
let floats = new Float64Array(0);
let bytes = new Uint8Array(floats.buffer);

function unpackFloats(key: string, value: unknown): unknown {
  if (!POINTS.has(key) || typeof value !== "string") return value;
  return [...new Float64Array(Uint8Array.fromBase64(value).buffer)];
}
