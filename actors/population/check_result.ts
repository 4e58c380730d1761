/**
 * Checks what a slot's actor says of a candidate, before it gets into the journal and the CSV files.
 *
 * @module
 */
import * as v from "valibot";
import { count, faultIn, finite, key, text, timing } from "../record/check_event.ts";
import type { Timing } from "../record/facts.ts";
import type { Failed, PartDone, Progressed, Pruned } from "./protocol.ts";

const step = v.pipe(v.number("a step"), v.safeInteger("a step"), v.minValue(1, "a step"));

/** NaN and infinities are failures of the candidate. */
const number = v.union([v.number(), v.nan()], "a number");

const schema = v.variant("type", [
  v.object({
    type: v.literal("PartDone"),
    ...key,
    part: text,
    scores: v.record(text, number, "an object"),
    shares: v.optional(v.array(number, "a list of numbers")),
    timing,
  }),
  v.object({
    type: v.literal("Failed"),
    ...key,
    part: text,
    attempt: count,
    reason: text,
  }),
  v.object({
    type: v.literal("Progressed"),
    ...key,
    part: text,
    step,
    steps: v.nullable(step),
    scores: v.record(text, finite, "an object"),
  }),
  v.object({
    type: v.literal("Pruned"),
    ...key,
    part: text,
    step,
    steps: v.nullable(step),
    timing,
  }),
]);

/**
 * What is wrong with a result, in words; `undefined` if nothing is.
 *
 * @param score The name of a score that it must have. Default: none.
 */
export function faultOf(
  result: PartDone | Failed | Progressed | Pruned,
  score?: string,
): string | undefined {
  if (result.type === "PartDone" && isSound(result, score)) return undefined;
  const checked = v.safeParse(schema, result, { abortEarly: true });
  if (checked.success) {
    const { output } = checked;
    const isThere = !("scores" in output) || score === undefined ||
      Object.hasOwn(output.scores, score);
    return isThere ? undefined : `scores.${score} is missing`;
  }
  return faultIn(checked);
}

/**
 * Whether a done part is in order: the schema says the same of it, but takes twenty times as long. Where
 * it is not sure it says no, and the schema is asked.
 */
function isSound(result: PartDone, score: string | undefined): boolean {
  const { generation, candidate, repeat, part, scores, shares, timing } = result;
  return isCount(generation) && isCount(candidate) && isCount(repeat) && isText(part) &&
    areNumbers(scores) && shares === undefined &&
    (score === undefined || Object.hasOwn(scores, score)) && isTiming(timing);
}

function areNumbers(scores: unknown): boolean {
  if (typeof scores !== "object" || scores === null) return false;
  for (const name in scores) {
    if (typeof (scores as Readonly<Record<string, unknown>>)[name] !== "number") return false;
  }
  return true;
}

function isTiming(timing: Timing): boolean {
  if (typeof timing !== "object" || timing === null) return false;
  const { slot, device, engine, attempt, startedAt, queuedMs, busyMs, imagesPerSecond } = timing;
  return isText(slot) && isText(device) && isText(engine) && isCount(attempt) &&
    Number.isFinite(startedAt) && Number.isFinite(queuedMs) && Number.isFinite(busyMs) &&
    Number.isFinite(imagesPerSecond);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
