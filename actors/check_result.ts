/**
 * Checks what a slot's actor says of a candidate, before it gets into the journal and the CSV files.
 *
 * @module
 */
import * as v from "valibot";
import type { Failed, Measured, Scored, Trained } from "./protocol.ts";

const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
const count = v.pipe(v.number("a count"), v.safeInteger("a count"), v.minValue(0, "a count"));
const text = v.string("a text");

const key = { generation: count, candidate: count, repeat: count };

const timing = v.object({
  slot: text,
  device: text,
  engine: text,
  attempt: count,
  startedAt: finite,
  queuedMs: finite,
  busyMs: finite,
  imagesPerSecond: finite,
}, "an object");

const schema = v.variant("type", [
  v.object({
    type: v.literal("Trained"),
    ...key,
    mismatch: finite,
    trainLoss: finite,
    perturbedAccuracy: finite,
    cleanAccuracy: finite,
    timing,
  }),
  v.object({
    type: v.literal("Scored"),
    ...key,
    discriminatorError: finite,
    divergence: finite,
    timing,
  }),
  v.object({
    type: v.literal("Measured"),
    ...key,
    fitness: v.union([v.number(), v.nan()], "a number"), // NaN and infinities are failures
    timing,
  }),
  v.object({
    type: v.literal("Failed"),
    ...key,
    part: v.picklist(["train", "score", "measure"], "a part"),
    attempt: count,
    reason: text,
  }),
]);

/** What is wrong with a result, in words; `undefined` if nothing is. */
export function faultOf(result: Trained | Scored | Measured | Failed): string | undefined {
  const checked = v.safeParse(schema, result, { abortEarly: true });
  if (checked.success) return undefined;
  const [issue] = checked.issues;
  const where = v.getDotPath(issue);
  if (issue.received === "undefined") return `${where} is missing`;
  return `expected ${where} to be ${issue.message}, received ${issue.received}`;
}
