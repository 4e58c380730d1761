/**
 * Checks what a line of a journal says, before anything is made of it. A line whose checksum fits can
 * still be one that no run writes: made by hand, or by another program.
 *
 * @module
 */
import * as v from "valibot";
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
  const fault = faultIn(v.safeParse(schema, event, { abortEarly: true }));
  if (fault !== undefined || event.type !== "Evaluated") return fault;
  return (event.status === "ok") === (event.fitness !== null)
    ? undefined
    : `expected a fitness if it is ok, and else none, received ${event.fitness}, ${event.status}`;
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
