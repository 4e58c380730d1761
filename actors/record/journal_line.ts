/**
 * One line of a journal: an event with a version, a number and a checksum.
 *
 * @module
 */
// A name that is not exported would end an old Deno before it can be refused in words.
import zlib from "node:zlib";
import { Buffer } from "node:buffer";
import type { JournalEvent } from "./journal.ts";
import type { Draw } from "../../strategies/mod.ts";
import type { Evaluated, EvaluationKey, Scores, Timing } from "./facts.ts";

/** Written to every line. Version 1 is read, too, and continued with lines of version 2. */
export const JOURNAL_VERSION = 2;

/** A line that is whole. */
export interface Line {
  readonly number: number;
  /** Lines that were on the disk when it was written. */
  readonly synced: number;
  /** @throws {TypeError | SyntaxError} If it is no JSON. */
  readonly event: () => JournalEvent;
  /** Which evaluation was started, if that is what it says; found without reading all of it. */
  readonly started: () => EvaluationKey | undefined;
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
  const head = latin1(bytes.subarray(0, LONGEST_HEAD));
  const version = Number(/^\{"version":(\d+),/.exec(head)?.[1] ?? NaN);
  if (version === 1) return parseVersion1(bytes);
  if (version !== JOURNAL_VERSION) return Number.isNaN(version) ? undefined : version;
  const begin = /^\{"version":2,"number":(\d+),"synced":(\d+),"event":/.exec(head);
  const end = /,"crc32":(\d+)\}$/.exec(latin1(bytes.subarray(-LONGEST_TAIL)));
  if (!begin || !end) return undefined;
  const summed = bytes.subarray(0, bytes.length - end[0].length);
  if (zlib.crc32(summed) !== Number(end[1])) return undefined;
  const body = summed.subarray(begin[0].length);
  return {
    number: Number(begin[1]),
    synced: Number(begin[2]),
    event: () => parseEvent(decoder.decode(body)),
    started: () => startedIn(head.slice(begin[0].length)),
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What stands before the event, and the key of one that was started. */
const LONGEST_HEAD = 220;

/** The checksum, and what stands around it. */
const LONGEST_TAIL = 24;

/** Bytes as characters, one each: what is not ASCII is wrong, but in its place. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

function startedIn(body: string): EvaluationKey | undefined {
  const match = /^\{"type":"Sampled","generation":(\d+),"candidate":(\d+),"repeat":(\d+),/.exec(
    body,
  );
  if (!match) return undefined;
  const [generation, candidate, repeat] = match.slice(1).map(Number);
  return { generation: generation!, candidate: candidate!, repeat: repeat! };
}

/** It had a checksum of the event alone. What was on the disk it did not say: all before it. */
function parseVersion1(bytes: Uint8Array): Line | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  const match = /^\{"version":1,"number":(\d+),"crc32":(\d+),"event":(.*)\}$/s.exec(text);
  if (!match || zlib.crc32(match[3]!) !== Number(match[2])) return undefined;
  const number = Number(match[1]);
  return {
    number,
    synced: number,
    event: () => upgraded(parseEvent(match[3]!)),
    started: () => startedIn(match[3]!),
  };
}

function parseEvent(body: string): JournalEvent {
  const event: JournalEvent = JSON.parse(body);
  return event?.type === "Evaluated" ? event : unpackFloats(event) as JournalEvent;
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

/** Unpack all points in what was read, in place. */
function unpackFloats(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const properties = value as Record<string, unknown>;
  for (const key in properties) {
    const inside = properties[key];
    properties[key] = POINTS.has(key) && typeof inside === "string"
      ? unpack(inside)
      : unpackFloats(inside);
  }
  return value;
}

function unpack(packed: string): number[] {
  const floats = new Float64Array(Uint8Array.fromBase64(packed).buffer);
  const point = new Array<number>(floats.length);
  for (let i = 0; i < floats.length; i++) point[i] = floats[i]!;
  return point;
}
