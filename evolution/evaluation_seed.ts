import { deriveSeed } from "../random.ts";
import type { Candidate } from "./state.ts";

/** How {@linkcode evaluationSeed} tells evaluations apart. */
export interface EvaluationSeedOptions {
  /** The number of the evaluation of this candidate, from 0. Default 0. */
  readonly repeat?: number;
  /**
   * Whether all candidates of a version share their seeds (common random numbers): noise that a seed
   * gives to all of them alike then does not change their ranks. Default false.
   */
  readonly common?: boolean;
}

/**
 * The seed of an evaluation: it depends on the run, on what is evaluated and on nothing else, such
 * as who evaluates it and when.
 *
 * @param runSeed The seed of the run, an integer.
 * @param candidate What is evaluated.
 */
export function evaluationSeed(
  runSeed: number,
  candidate: Pick<Candidate, "version" | "index">,
  options: EvaluationSeedOptions = {},
): number {
  const { repeat = 0, common = false } = options;
  return deriveSeed(runSeed, candidate.version, common ? 0 : candidate.index + 1, repeat);
}
