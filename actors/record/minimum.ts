/**
 * The point that a search without images ends with.
 *
 * @module
 */
import type { Winner } from "./facts.ts";

/** What `best.json` of a run of {@linkcode minimize} holds. */
export interface Minimum {
  /** The best point, length N. */
  readonly x: readonly number[];
  /** Its value: the mean over the finalist's repeats, or without repeats that of the search. */
  readonly value: number;
}

/** A winner, whose fitness is the value with the sign turned. */
export function minimumOf({ genome, searchFitness, finalFitness }: Winner): Minimum {
  return { x: genome, value: 0 - (finalFitness ?? searchFitness) };
}
