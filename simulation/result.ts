/**
 * What a simulation comes to.
 *
 * @module
 */
import type { Minimum } from "../actors/record/minimum.ts";
import type { Milestone, Observation } from "./observation.ts";

/** Evaluations that were begun for nothing. */
export interface Wasted {
  /** Results from a distribution that was too old, or that came when the search was over. */
  readonly late: number;
  /** Results that came twice. */
  readonly duplicate: number;
  /** Attempts whose trainer was lost. */
  readonly lost: number;
  /** Attempts that were not done when the search was over. */
  readonly unfinished: number;
}

/** What was measured in a simulation. Times are virtual. */
export interface Measurements {
  /** From the start until the winner was known. */
  readonly seconds: number;
  /** How many there were. */
  readonly trainers: number;
  /** Share of the trainers' time that was spent on results, 0 to 1; `null` if no time passed. */
  readonly utilization: number | null;
  /** Evaluations that a trainer began. */
  readonly attempts: number;
  /** Attempts that nothing was learned from. */
  readonly wasted: Wasted;
  /** By how many updates the distribution had moved on when a result of the search came. */
  readonly ages: {
    /** 0 if there was no result. */
    readonly mean: number;
    readonly max: number;
    /** How many results were of age 0, 1, ... */
    readonly counts: readonly number[];
  };
  /** Evaluations that waited for a trainer, over time. */
  readonly queue: { readonly mean: number; readonly max: number };
  /** When the target was reached for the first time; `null` without a target, or if it was not. */
  readonly targetSeconds: number | null;
  /** Trainers that were lost and started again. */
  readonly restarts: number;
}

/** What a simulation ends with. */
export interface SimulationResult extends Measurements, Minimum {
  /** Why the search ended before its last generation; `null` if it did not. */
  readonly ended: string | null;
  /** One for each generation. */
  readonly milestones: readonly Milestone[];
  /** The folder of the run; `null` if nothing was written. */
  readonly directory: string | null;
}

/** All evaluations that were begun for nothing. */
export function wastedIn({ late, duplicate, lost, unfinished }: Wasted): number {
  return late + duplicate + lost + unfinished;
}

/** What an observation comes to, when the search is over or as far as it came. */
export function measure(
  observation: Observation,
  counts: { readonly trainers: number; readonly duplicate: number; readonly restarts: number },
): Measurements {
  const { ages, overMs, targetMs, attempts, late, lost, unfinished, resultsMs } = observation;
  const { trainers, duplicate, restarts } = counts;
  const ms = overMs ?? observation.now;
  const results = ages.reduce((sum, count) => sum + count, 0);
  const ageSum = ages.reduce((sum, count, age) => sum + count * age, 0);
  return {
    seconds: ms / 1000,
    trainers,
    utilization: ms === 0 ? null : resultsMs / (trainers * ms),
    attempts,
    wasted: { late, duplicate, lost, unfinished },
    ages: {
      mean: results === 0 ? 0 : ageSum / results,
      max: Math.max(0, ages.length - 1),
      counts: Array.from(ages, (count) => count ?? 0),
    },
    queue: {
      mean: ms === 0 ? 0 : observation.queue.areaUntil(ms) / ms,
      max: observation.queue.max,
    },
    targetSeconds: targetMs === null ? null : targetMs / 1000,
    restarts,
  };
}
