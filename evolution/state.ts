import type { Box } from "./boundaries.ts";
import type { Covariance } from "./covariance.ts";
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
  /** Mean of the distribution, length N, in unbounded coordinates (see {@linkcode Box}). */
  readonly mean: readonly number[];
  /** Step size: the candidates are mean + sigma N(0, C). */
  readonly sigma: number;
  /** The step size at the start. */
  readonly initialSigma: number;
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
  /** How many results were told, failed ones included. */
  readonly evaluations: number;
  /** How many of them had no finite fitness. */
  readonly failures: number;
  /** The value of `evaluations` at the last eigendecomposition. */
  readonly decomposedAt: number;
  /** The best result so far, or `null`. */
  readonly best: Best | null;
  /** Results that wait for the next update (asynchronous mode). */
  readonly waiting: readonly Result[];
  /** Ids of the last results that were told (asynchronous mode). */
  readonly told: readonly number[];
  /** How many results were too old to be used (asynchronous mode). */
  readonly dropped: number;
}

/** The best result so far. */
export interface Best {
  /** The id of the candidate. */
  readonly id: number;
  /** The candidate, length N, inside the box. */
  readonly x: readonly number[];
  /** Its fitness. */
  readonly fitness: number;
}

/** A point to be evaluated. */
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
  /** Logarithm of the density it was drawn with, up to a constant that all candidates share. */
  readonly logDensity: number;
}

/** A candidate with its fitness, which is minimised. NaN and infinities mean that it failed. */
export interface Result extends Candidate {
  /** Smaller is better. */
  readonly fitness: number;
}
