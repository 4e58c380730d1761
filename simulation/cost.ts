/**
 * How long trainings take, as data: a distribution, or the measured times of a recorded run.
 *
 * @module
 */
import { deriveSeed, Random } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { parseDuration } from "../duration.ts";
import type { Attempt } from "./job.ts";
import type { Recording } from "./recording.ts";

/** How long a training takes on a device of speed 1, in milliseconds. */
export type Cost =
  | { readonly kind: "constant"; readonly ms: number }
  /** Between two times, each equally likely. */
  | { readonly kind: "uniform"; readonly lowMs: number; readonly highMs: number }
  /** The logarithm of the time is normal. */
  | { readonly kind: "lognormal"; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  /** As long as the same evaluation took in a run; one that it did not have, as long as any. */
  | { readonly kind: "recorded"; readonly run: string };

/** Trainings that take much longer than the others. */
export interface Stragglers {
  /** Of all trainings, 0 to 1. */
  readonly share: number;
  /** By which their time is multiplied, at least 1. */
  readonly factor: number;
}

/** What a cost looks like, in words. */
export const costExpected =
  "constant:30s, uniform:10s,50s (least, most), lognormal:30s,0.6 (median, sigma up to 5), " +
  "exponential:30s (mean), each time up to 1000000h, or recorded:RUN";

/** What stragglers look like, in words. */
export const stragglersExpected =
  "SHARE,FACTOR such as 0.05,10, a share from 0 to 1 and at least 1, or none";

/** Read a cost; `undefined` if the text is none. */
export function parseCost(text: string): Cost | undefined {
  const [kind, rest = ""] = split(text, ":");
  if (kind === "recorded") return rest === "" ? undefined : { kind, run: rest };
  const [first, second, ...others] = rest.split(",");
  const ms = parseDuration(first!);
  if (ms === undefined || others.length > 0) return undefined;
  if (second === undefined) {
    if (kind === "constant") return { kind, ms };
    return kind === "exponential" ? { kind, meanMs: ms } : undefined;
  }
  if (kind === "uniform") {
    const highMs = parseDuration(second);
    return highMs === undefined || highMs < ms ? undefined : { kind, lowMs: ms, highMs };
  }
  if (kind !== "lognormal") return undefined;
  const sigma = parseNumber(second);
  return sigma === undefined || sigma > 5 ? undefined : { kind, medianMs: ms, sigma };
}

/** Read stragglers; `undefined` if the text is none. */
export function parseStragglers(text: string): Stragglers | undefined {
  if (text === "none") return { share: 0, factor: 1 };
  const [share, factor, ...others] = text.split(",").map(parseNumber);
  if (share === undefined || factor === undefined || others.length > 0) return undefined;
  return share <= 1 && factor >= 1 ? { share, factor } : undefined;
}

/**
 * How long each attempt at an evaluation takes on a device of speed 1, in milliseconds. It is a
 * function of the seed and of the evaluation: whoever trains it, and however often, it costs the same
 * work. Only whether it straggles is drawn for each attempt, as that is the machine's doing. All parts
 * of an evaluation are drawn alike.
 *
 * @param recording What the cost names, if it names a run.
 */
export function costModel(
  cost: Cost,
  stragglers: Stragglers,
  seed: number,
  recording: Recording | undefined,
): (attempt: Attempt) => number {
  return (attempt) => {
    const { generation, candidate, repeat } = attempt;
    const key = [generation, candidate, repeat] as const;
    const random = new Random(deriveSeed(seed, RUN_STREAMS.cost, ...key));
    const ms = cost.kind === "recorded"
      ? recording!.costMs(attempt, attempt.part, random)
      : drawMs(cost, random);
    const { share, factor } = stragglers;
    const straggling = new Random(
      deriveSeed(seed, RUN_STREAMS.straggler, ...key, attempt.attempt),
    );
    return straggling.uniform() < share ? ms * factor : ms;
  };
}

function drawMs(cost: Exclude<Cost, { readonly kind: "recorded" }>, random: Random): number {
  switch (cost.kind) {
    case "constant":
      return cost.ms;
    case "uniform":
      return cost.lowMs + random.uniform() * (cost.highMs - cost.lowMs);
    case "lognormal":
      return cost.medianMs * Math.exp(cost.sigma * random.normal());
    case "exponential":
      return exponential(cost.meanMs, random);
  }
}

/** A draw from the exponential distribution. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.uniform());
}

function parseNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A text before and after the first separator. */
function split(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
