/**
 * When a search ends before its last generation.
 *
 * @module
 */
import type { Ended, GenerationDone } from "../record/facts.ts";
import type { SearchProgress } from "./search_progress.ts";

/** What a stopper may look at besides the generation that is done. */
export interface StopperContext {
  /** Time of this process in the search, in seconds. */
  readonly elapsedSeconds: number;
  /** Criteria of the strategy that are met, with the value that met them; empty for most. */
  readonly converged: Readonly<Record<string, number>>;
}

/**
 * Looks at every generation in turn, also at those of an earlier process; what it says of these does
 * not count, but for the last one, if that process ended before it could write down what was said. It
 * may remember what it saw.
 *
 * @param done Fitness in it is to be maximised.
 * @returns Why the search ends here; `undefined` if it goes on.
 */
export type Stopper = (done: GenerationDone, context: StopperContext) => string | undefined;

/** Shows a generation to all stoppers, and gives the first reason of theirs. */
export function stopReason(
  stoppers: readonly Stopper[],
  done: GenerationDone,
  context: StopperContext,
): string | undefined {
  return stoppers.map((stopper) => stopper(done, context)).find((reason) => reason !== undefined);
}

/** Why a search ends that was told to finish. */
export const TOLD_TO_FINISH = "it was told to finish";

/** The event of a search that ends where it is. */
export function endedNow(
  { generation, generations: planned }: Pick<SearchProgress, "generation" | "generations">,
  reason: string,
): Ended {
  return { type: "Ended", generation: generation === 0 ? null : generation - 1, planned, reason };
}
