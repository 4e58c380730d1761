/**
 * What becomes of an evaluation: its parts joined, or the reason why it has none.
 *
 * @module
 */
import type { Evaluated, Sampled, Timing } from "../record/facts.ts";
import { fitnessOf, type FitnessTerm } from "./fitness.ts";
import type { PartDone } from "./protocol.ts";

/**
 * An evaluation of which every part is in. It has failed if a number is NaN or infinite.
 *
 * @param version Of the distribution, now.
 * @param parts Of every term, in any order.
 */
export function joinParts(
  { generation, candidate, repeat, seed, draw }: Sampled,
  version: number,
  terms: readonly FitnessTerm[],
  parts: readonly PartDone[],
): Evaluated {
  let scores: Evaluated["scores"] = {};
  const timings: Record<string, Timing> = {};
  for (const { part } of terms) {
    const { scores: found, timing } = parts.find((done) => done.part === part)!;
    scores = { ...scores, ...found };
    timings[part] = timing;
  }
  const fitness = fitnessOf(terms, scores);
  const infinite = firstInfinite(fitness, scores);
  return {
    type: "Evaluated",
    generation,
    candidate,
    repeat,
    seed,
    distribution: draw.version,
    age: version - draw.version,
    status: infinite === null ? "ok" : "failed",
    fitness: infinite === null ? fitness : null,
    scores: infinite === null ? scores : {},
    timings,
    reason: infinite,
  };
}

/**
 * An evaluation that ended without a fitness.
 *
 * @param version Of the distribution, now.
 * @param timings Of the parts that were done.
 */
export function withoutFitness(
  { generation, candidate, repeat, seed, draw }: Sampled,
  version: number,
  status: "failed" | "pruned",
  reason: string,
  timings: Evaluated["timings"] = {},
): Evaluated {
  return {
    type: "Evaluated",
    generation,
    candidate,
    repeat,
    seed,
    distribution: draw.version,
    age: version - draw.version,
    status,
    fitness: null,
    scores: {},
    timings,
    reason,
  };
}

/** Which number is the first that is NaN or infinite, in words. */
function firstInfinite(
  fitness: number,
  scores: Readonly<Record<string, number>>,
): string | null {
  if (!Number.isFinite(fitness)) return `the fitness is ${fitness}`;
  for (const name in scores) {
    if (!Number.isFinite(scores[name])) return `the ${name} is ${scores[name]}`;
  }
  return null;
}
