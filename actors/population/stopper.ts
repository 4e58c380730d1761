/**
 * When a search ends before its last generation.
 *
 * @module
 */
import type { GenerationDone } from "../record/facts.ts";

/** What a stopper may look at besides the generation that is done. */
export interface StopperContext {
  /** Time of this process in the search, in seconds. */
  readonly elapsedSeconds: number;
  /** Criteria of the strategy that are met, with the value that met them; empty for most. */
  readonly converged: Readonly<Record<string, number>>;
}

/**
 * Looks at every generation in turn, also at those of an earlier process; what it says of these does
 * not count. It may remember what it saw.
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
