/**
 * The fitness of a candidate as data: a list of terms, each a score of one part of the evaluation,
 * with a weight. Whoever adds a term adds one part that scores, and one line that weighs.
 *
 * @module
 */
import type { Scores } from "../record/facts.ts";
import type { AnyStart } from "../runtime/mod.ts";

/** How one part of an evaluation is done: what starts its actor, and from what. */
export interface PartSpec {
  /** Its name: of its actors, and in the timings. Letters, digits and underscores. */
  readonly part: string;
  /** A module that exports `start`; in memory, the function itself will do. */
  readonly module: URL | AnyStart;
  /** `SlotInit` is added to it. */
  readonly init: Readonly<Record<string, unknown>>;
}

/** A term of the fitness. */
export interface FitnessTerm extends PartSpec {
  /** Which of the part's scores counts. */
  readonly score: string;
  /** What it is multiplied by. Fitness is maximised. */
  readonly weight: number;
}

/** The sum over the terms of weight times score, to be maximised; never -0, which the journal would lose. */
export function fitnessOf(terms: readonly Pick<FitnessTerm, "score" | "weight">[], scores: Scores) {
  return terms.reduce((sum, { score, weight }) => sum + weight * scores[score]!, 0);
}
