/**
 * What is known of a run for good: the journal holds it, and the CSV files and reports follow from it.
 *
 * @module
 */
import type { Draw } from "../../strategies/mod.ts";

/**
 * Names one evaluation everywhere in a run. `repeat` is 0 for the evaluation that the search
 * learns from, and 1, 2, ... for those of a finalist with fresh seeds.
 */
export interface EvaluationKey {
  /** From 0. */
  readonly generation: number;
  /** From 0, within the generation. */
  readonly candidate: number;
  /** 0 in the search. */
  readonly repeat: number;
}

/** Numbers that an actor found out about a candidate, by name: `{ mismatch: 1.3 }`. */
export type Scores = Readonly<Record<string, number>>;

/** A point that was drawn, and everything that its evaluation depends on. */
export interface Sampled extends EvaluationKey {
  readonly type: "Sampled";
  /** Decides initial weights and the order of images. A function of the run's options and the key alone. */
  readonly seed: number;
  /** The point, and the version of the distribution that it was drawn from. */
  readonly draw: Draw;
}

/** When and where a part was done. */
export interface Timing {
  /** Such as `slot-0`, or `slot-0@NAME` of a worker on another host. */
  readonly slot: string;
  /** Such as `cpu`. */
  readonly device: string;
  /** Engine and backend, such as `onnx/cpu`. */
  readonly engine: string;
  /** 1 at first; each lost actor adds 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** How long it waited for a slot. */
  readonly queuedMs: number;
  /** How long it took. */
  readonly busyMs: number;
  /** Training images that went through a training step, per second; 0 if none did. */
  readonly imagesPerSecond: number;
}

/** An evaluation of which every part is in, or that has failed or was pruned. */
export interface Evaluated extends EvaluationKey {
  /** The tag. */
  readonly type: "Evaluated";
  /** Decided initial weights and the order of images. */
  readonly seed: number;
  /** Version of the distribution that the candidate was drawn from. */
  readonly distribution: number;
  /** By how many versions the distribution had moved on when the result came. */
  readonly age: number;
  /** Whether it has a fitness, and why not. */
  readonly status: "ok" | "failed" | "pruned";
  /** To be maximised; `null` if it failed or was pruned. */
  readonly fitness: number | null;
  /** Of all parts; empty if it failed or was pruned. */
  readonly scores: Scores;
  /** What each class's images say of the fitness, if the strategy asks. Default: it does not. */
  readonly shares?: readonly number[];
  /** Of each part, in the order of the parts; empty if it failed, without what is late if pruned. */
  readonly timings: Readonly<Record<string, Timing>>;
  /** Why it failed or was pruned. */
  readonly reason: string | null;
  /** What the pruner was told at each step, as it counts in the fitness. Default: nothing. */
  readonly reports?: Readonly<Record<number, number>>;
}

/** A result, and the point that was evaluated. */
export interface EvaluatedCandidate extends Evaluated {
  /** A point of the search box, length N. */
  readonly genome: readonly number[];
}

/** One update of the distribution. Fitness is to be maximised. */
export interface GenerationDone {
  /** The tag. */
  readonly type: "GenerationDone";
  /** From 0. */
  readonly generation: number;
  /** Results told so far. */
  readonly evaluations: number;
  /** Results so far that came too late to count. */
  readonly wasted: number;
  /** Step size of the search after the update. */
  readonly sigma: number;
  /** Longest over shortest principal axis of the distribution. */
  readonly axisRatio: number;
  /** `null` where all candidates of the generation failed. */
  readonly bestFitness: number | null;
  /** As `bestFitness`. */
  readonly medianFitness: number | null;
  /** As `bestFitness`. */
  readonly worstFitness: number | null;
  /** Best fitness of all generations; `null` where all candidates failed. */
  readonly bestSoFar: number | null;
  /** The generation's mean of each score that was computed: `mismatch` is F_m, `divergence` F_d. */
  readonly means: Scores;
}

/** The search ends before the generations that were planned are done. */
export interface Ended {
  /** The tag. */
  readonly type: "Ended";
  /** The last one that was done, from 0; `null` if none was. */
  readonly generation: number | null;
  /** How many were planned. A run that is continued with more goes on. */
  readonly planned: number;
  /** Why. */
  readonly reason: string;
}

/** The best candidate, and what was learned about it. */
export interface Winner {
  /** In which it was drawn, from 0. */
  readonly generation: number;
  /** Its number in the generation, from 0. */
  readonly candidate: number;
  /** A point of the search box, length N. */
  readonly genome: readonly number[];
  /** Of the evaluation in the search; the best of many, so partly luck. */
  readonly searchFitness: number;
  /** Mean over the repeats with fresh seeds; `null` without repeats. */
  readonly finalFitness: number | null;
}

/** The name of an evaluation as a key of a map. */
export function keyOf({ generation, candidate, repeat }: EvaluationKey): string {
  return `${generation}/${candidate}/${repeat}`;
}
