/**
 * One attempt of one trainer at one part of an evaluation; most have a single part.
 *
 * @module
 */
import type { EvaluationKey } from "../actors/record/facts.ts";

/** Which attempt at which part of which evaluation. */
export interface Attempt extends EvaluationKey {
  /** `measure`, or as the parts of a recorded run are called. */
  readonly part: string;
  /** From 1. */
  readonly attempt: number;
}

/** What became of an attempt, and when. Times are in virtual milliseconds from the start. */
export interface Job extends Attempt {
  /** The slot of the trainer, `slot-0` and so on. */
  readonly trainer: string;
  /** Its kind, as the fleet names it. */
  readonly device: string;
  /** When it was drawn, or, after an attempt that was lost, was to be tried again. */
  readonly submittedMs: number;
  /** When the trainer began. */
  readonly startedMs: number;
  /** When it was done, or cut off. */
  readonly endedMs: number;
  /**
   * Whether the trainer `finished`, was `lost` on the way, or was `unfinished` when the search was
   * over.
   */
  readonly outcome: "finished" | "lost" | "unfinished";
}
