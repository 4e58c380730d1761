/**
 * The pruner: ends candidates early that are not worth going on with.
 *
 * @module
 */
import { medianOf } from "../../averages.ts";
import type { Scores } from "../record/facts.ts";
import type { EarlierReport } from "./report_history.ts";

/** How far a candidate has come. */
export interface CandidateProgress {
  /** In which it was drawn, from 0. */
  readonly generation: number;
  /** Its number in the generation, from 0. */
  readonly candidate: number;
  /** From 1; of a search, epochs of its training. */
  readonly step: number;
  /** How many steps there will be; `null` of an objective, which does not say. */
  readonly steps: number | null;
  /**
   * What would count in the fitness if it ended here, to be maximised: of a search, an estimate of
   * the semantic mismatch times its weight; of `minimize`, the reported value with the sign turned.
   */
  readonly value: number;
  /** What was reported: of a search `mismatch`, the estimate, and `trainLoss`; else `value`. */
  readonly scores: Scores;
}

/**
 * A pruner: what a module exports as `pruner`. It is asked in the thread that conducts the run, so it
 * must be quick; and it must depend on nothing but its arguments, so that the same seed gives the
 * same results.
 *
 * @param progress Of the candidate.
 * @param history What candidates of completed generations reported at the same step, in the order of
 * (generation, candidate). May be empty.
 * @returns Whether to prune: to end the candidate, which then ranks last, as one that failed.
 */
export type Pruner = (
  progress: CandidateProgress,
  history: readonly EarlierReport[],
) => boolean;

/** Fewer values say too little about the others. */
const FEWEST_VALUES = 5;

/** Prunes what is worse than the median of those before it, once there are five. */
export const median: Pruner = ({ value }, history) => {
  if (history.length < FEWEST_VALUES) return false;
  return value < medianOf(history.map((report) => report.value));
};
