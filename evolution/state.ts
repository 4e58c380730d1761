import type { Box } from "./boundaries.ts";
import type { Covariance } from "./covariance.ts";
import type { History } from "./history.ts";
import type { Cells } from "./integers.ts";
import type { Parameters } from "./parameters.ts";

/**
 * The whole state of a search: plain numbers, strings, arrays and objects. It survives JSON and
 * structured cloning unchanged, and no function of this module modifies it.
 */
export interface State {
  /** The number of coordinates N. */
  readonly dimension: number;
  /** The constants of the strategy. */
  readonly parameters: Parameters;
  /** The box that every candidate lies in, or `null`. */
  readonly box: Box | null;
  /** The cells of integer coordinates, length N with `null` for the others, or `null` for none. */
  readonly cells: readonly (Cells | null)[] | null;
  /** Mean of the distribution, length N, in unbounded coordinates (see {@linkcode intoBox}). */
  readonly mean: readonly number[];
  /** Step size: the candidates are mean + sigma scales N(0, C). */
  readonly sigma: number;
  /** The step size at the start. */
  readonly initialSigma: number;
  /**
   * One factor per coordinate, length N, positive: the scales at the start, moved by the limits, and
   * by the deviations of C wherever those were too far apart for 64-bit numbers.
   */
  readonly scales: readonly number[];
  /** The scales that were given at the start. */
  readonly initialScales: readonly number[];
  /** The covariance matrix C. */
  readonly covariance: Covariance;
  /** Evolution path of the step size, length N. */
  readonly pathSigma: readonly number[];
  /** Evolution path of the covariance matrix, length N. */
  readonly pathC: readonly number[];
  /** How many times the distribution was updated; candidates carry it. */
  readonly version: number;
  /** How many candidates were asked from this version. */
  readonly asked: number;
  /** How many results were told, failed and dropped ones included. */
  readonly evaluations: number;
  /** How many of them had no finite fitness. */
  readonly failures: number;
  /** How many of them were too old to be used (asynchronous mode). */
  readonly dropped: number;
  /**
   * What the first candidate of the next population is away from the mean: the mirror image of the
   * worst step, length N, in unbounded coordinates, or `null`. Absent where nothing is mirrored.
   */
  readonly mirror?: readonly number[] | null;
  /** Results that wait for the next update (asynchronous mode). */
  readonly waiting: readonly Waiting[];
  /**
   * Ids of recent results apart from those that wait, against telling one twice (asynchronous mode):
   * the first of each run of consecutive ones and the one behind its last, in ascending order.
   */
  readonly told: readonly number[];
  /** The value of `evaluations` at the last eigendecomposition. */
  readonly decomposedAt: number;
  /** The best result so far, or `null`. */
  readonly best: Best | null;
  /** What the stopping criteria look back at. */
  readonly history: History;
  /** Whether an update overflowed and was left out: the search cannot go on. */
  readonly overflowed: boolean;
  /** When the scales took over deviations of C; absent where they never did. */
  readonly rescalings?: readonly Rescaling[];
}

/** A move of deviations from the covariance matrix to the scales. */
export interface Rescaling {
  /** The first version in the new scales. */
  readonly version: number;
  /** What the scales were multiplied by, length N, positive. */
  readonly factors: readonly number[];
}

/** The best result so far. */
export interface Best {
  /** The id of the candidate. */
  readonly id: number;
  /** The candidate, length N, inside the box. */
  readonly x: readonly number[];
  /** Its fitness. */
  readonly fitness: number;
  /** How many updates the distribution had seen when it was told. */
  readonly version: number;
}

/** A point to be evaluated. Told back whole, as part of a {@linkcode Result}. */
export interface Candidate {
  /** Unique within a run; grows with version and index. */
  readonly id: number;
  /** The version of the distribution it was drawn from. */
  readonly version: number;
  /** Its number among the candidates of this version, from 0. */
  readonly index: number;
  /** The point to evaluate, length N, inside the box. */
  readonly x: readonly number[];
  /** The same point before it was moved into the box, length N. */
  readonly unbounded: readonly number[];
  /** Its step from the mean it was drawn around in units of sigma and scales, length N. */
  readonly step: readonly number[];
  /** Squared Mahalanobis length of the step, about N. */
  readonly squaredLength: number;
  /** Logarithm of the volume of the distribution that it was drawn from. */
  readonly logVolume: number;
  /** How many results had been told when it was drawn. Absent in journals from before 0.2.0. */
  readonly toldBefore?: number;
  /** Whether it is the mirror image of an earlier one. Absent: no. */
  readonly mirrored?: true;
}

/** A candidate with its fitness, which is minimised. NaN and infinities mean that it failed. */
export interface Result extends Candidate {
  /** Smaller is better. */
  readonly fitness: number;
}

/** A result that waits for the next update; `null` where the evaluation failed. */
export interface Waiting extends Candidate {
  /** Smaller is better. */
  readonly fitness: number | null;
}
