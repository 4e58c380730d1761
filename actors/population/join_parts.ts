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
  sampled: Sampled,
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
  const shares = sharesOf(terms, parts);
  const infinite = firstInfinite(fitness, scores, shares);
  if (infinite !== null) return withoutFitness(sampled, version, "failed", infinite, timings);
  const result = evaluated(sampled, version, {
    status: "ok",
    fitness,
    scores,
    timings,
    reason: null,
  });
  return shares ? { ...result, shares } : result;
}

/** The fitness on the images of each class. What has no shares says the same of all classes. */
function sharesOf(
  terms: readonly FitnessTerm[],
  parts: readonly PartDone[],
): readonly number[] | undefined {
  const shared = parts.find(({ shares }) => shares)?.shares;
  return shared?.map((_, index) =>
    terms.reduce((sum, { part, score, weight }) => {
      const { scores, shares } = parts.find((done) => done.part === part)!;
      return sum + weight * (shares?.[index] ?? scores[score]!);
    }, 0)
  );
}

/**
 * An evaluation that ended without a fitness.
 *
 * @param version Of the distribution, now.
 * @param timings Of the parts that were done.
 */
export function withoutFitness(
  sampled: Sampled,
  version: number,
  status: "failed" | "pruned",
  reason: string,
  timings: Evaluated["timings"] = {},
): Evaluated {
  return evaluated(sampled, version, { status, fitness: null, scores: {}, timings, reason });
}

type Outcome = Pick<Evaluated, "status" | "fitness" | "scores" | "timings" | "reason">;

// The properties one by one, because it is made for every evaluation, and a spread takes longer.
function evaluated(
  { generation, candidate, repeat, seed, draw }: Sampled,
  version: number,
  { status, fitness, scores, timings, reason }: Outcome,
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
    fitness,
    scores,
    timings,
    reason,
  };
}

/** Which number is the first that is NaN or infinite, in words. */
function firstInfinite(
  fitness: number,
  scores: Readonly<Record<string, number>>,
  shares: readonly number[] = [],
): string | null {
  if (!Number.isFinite(fitness)) return `the fitness is ${fitness}`;
  for (const name in scores) {
    if (!Number.isFinite(scores[name])) return `the ${name} is ${scores[name]}`;
  }
  const at = shares.findIndex((share) => !Number.isFinite(share));
  if (at >= 0) return `the fitness on class ${at} is ${shares[at]}`;
  return null;
}
