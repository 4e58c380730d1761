/**
 * Checks what a line of a journal says, before anything is made of it. A line whose checksum fits can
 * still be one that no run writes: made by hand, or by another program.
 *
 * @module
 */
import * as v from "valibot";
import type { EvaluationKey, Timing } from "./facts.ts";
import type { JournalEvent } from "./journal.ts";

/** Any number but NaN and infinities. */
export const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
/** 0 or more. */
export const count = v.pipe(
  v.number("a count"),
  v.safeInteger("a count"),
  v.minValue(0, "a count"),
);
/** Any text. */
export const text = v.string("a text");

/** An `EvaluationKey`. */
export const key = { generation: count, candidate: count, repeat: count };

/** A `Timing`. */
export const timing = v.object({
  slot: text,
  device: text,
  engine: text,
  attempt: count,
  startedAt: finite,
  queuedMs: finite,
  busyMs: finite,
  imagesPerSecond: finite,
}, "an object");

const integer = v.pipe(v.number("an integer"), v.safeInteger("an integer"));
const numbers = v.record(text, finite, "an object");

const schema = v.variant("type", [
  v.object({
    type: v.literal("Begun"),
    run: v.optional(text),
    configuration: v.record(text, v.unknown(), "an object"),
  }),
  v.object({
    type: v.literal("Sampled"),
    ...key,
    seed: count,
    // The rest of it is the strategy's.
    draw: v.object({ x: v.array(finite, "a list of numbers"), version: integer }, "an object"),
  }),
  v.object({
    type: v.literal("Evaluated"),
    ...key,
    seed: count,
    distribution: integer,
    age: integer,
    status: v.picklist(["ok", "failed", "pruned"], "ok, failed or pruned"),
    fitness: v.nullable(finite),
    scores: numbers,
    shares: v.optional(v.array(finite, "a list of numbers")),
    timings: v.record(text, timing, "an object"),
    reason: v.nullable(text),
    reports: v.optional(numbers),
  }),
  v.object({
    type: v.literal("Ended"),
    generation: v.nullable(count),
    planned: count,
    reason: text,
  }),
], "an event");

/** What is wrong with an event, in words; `undefined` if nothing is. */
export function faultOfEvent(event: JournalEvent): string | undefined {
  if (isPlainResult(event) || isPlainSample(event)) return undefined;
  const fault = faultIn(v.safeParse(schema, event, { abortEarly: true }));
  if (fault !== undefined || event.type !== "Evaluated") return fault;
  return (event.status === "ok") === (event.fitness !== null)
    ? undefined
    : `expected a fitness if it is ok, and else none, received ${event.fitness}, ${event.status}`;
}

/**
 * Whether an event is a result as the schema has it. Results and samples are all of a long journal but
 * a few lines, and a schema makes copies of what it checks: it is asked only for what is not found to be
 * right here, and says what is wrong.
 */
function isPlainResult(event: JournalEvent): boolean {
  if (event?.type !== "Evaluated") return false;
  const { seed, distribution, age, status, fitness, reason, shares, reports } = event;
  const hasFitness = status === "ok"
    ? Number.isFinite(fitness)
    : (status === "failed" || status === "pruned") && fitness === null;
  return hasFitness && hasKey(event) && isCount(seed) && Number.isSafeInteger(distribution) &&
    Number.isSafeInteger(age) && (reason === null || typeof reason === "string") &&
    shares === undefined && reports === undefined && areAll(event.scores, Number.isFinite) &&
    areAll(event.timings, isTiming);
}

function isPlainSample(event: JournalEvent): boolean {
  if (event?.type !== "Sampled" || !hasKey(event) || !isCount(event.seed)) return false;
  const { x, version } = event.draw ?? {};
  return Array.isArray(x) && x.every(Number.isFinite) && Number.isSafeInteger(version);
}

function hasKey({ generation, candidate, repeat }: EvaluationKey): boolean {
  return isCount(generation) && isCount(candidate) && isCount(repeat);
}

function isTiming(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { slot, device, engine, attempt, startedAt, queuedMs, busyMs, imagesPerSecond } =
    value as Partial<Timing>;
  return typeof slot === "string" && typeof device === "string" && typeof engine === "string" &&
    isCount(attempt) && Number.isFinite(startedAt) && Number.isFinite(queuedMs) &&
    Number.isFinite(busyMs) && Number.isFinite(imagesPerSecond);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && value as number >= 0;
}

function areAll(record: Readonly<Record<string, unknown>>, is: (value: unknown) => boolean) {
  if (typeof record !== "object" || record === null) return false;
  for (const name in record) if (!is(record[name])) return false;
  return true;
}

/** What a schema found to be wrong, in words; `undefined` if nothing is. */
export function faultIn(
  checked: v.SafeParseResult<v.GenericSchema>,
): string | undefined {
  if (checked.success) return undefined;
  const [issue] = checked.issues;
  const where = v.getDotPath(issue);
  if (where === null) return `expected ${issue.message}, received ${issue.received}`;
  if (issue.received === "undefined") return `${where} is missing`;
  return `expected ${where} to be ${issue.message}, received ${issue.received}`;
}
