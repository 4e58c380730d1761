import { intoBox } from "./boundaries.ts";
import { matrixOf, variancesOf } from "./covariance.ts";
import type { Best, State } from "./state.ts";

/** What a person or a log wants to know about a state. */
export interface Diagnostics {
  /** The version of the distribution. */
  readonly version: number;
  /** Results told, failed ones included. */
  readonly evaluations: number;
  /** Results without a finite fitness. */
  readonly failures: number;
  /** Results that were too old to be used. */
  readonly dropped: number;
  /** The step size. */
  readonly sigma: number;
  /** Longest over shortest principal axis at the last eigendecomposition, in units of the scales. */
  readonly axisRatio: number;
  /** The mean, length N, inside the box. */
  readonly mean: readonly number[];
  /** Standard deviation per coordinate, length N, in unbounded coordinates. */
  readonly deviations: readonly number[];
  /** The best result so far, or `null`. */
  readonly best: Best | null;
}

/** Summarises a state. */
export function diagnostics(state: State): Diagnostics {
  const { lengths } = state.covariance;
  return {
    version: state.version,
    evaluations: state.evaluations,
    failures: state.failures,
    dropped: state.dropped,
    sigma: state.sigma,
    axisRatio: lengths.reduce((a, b) => Math.max(a, b)) / lengths.reduce((a, b) => Math.min(a, b)),
    mean: intoBox(state.box, state.mean),
    deviations: variancesOf(state.covariance).map((value, i) =>
      state.sigma * state.scales[i]! * Math.sqrt(value)
    ),
    best: state.best,
  };
}

/**
 * The covariance matrix of the candidates in units of sigma^2, N rows of N, in unbounded
 * coordinates: with mean and sigma it makes a warm start of another search.
 */
export function covarianceMatrix({ covariance, scales }: State): number[][] {
  return matrixOf(covariance).map((row, i) =>
    row.map((value, j) => value === 0 ? 0 : value * (scales[i]! * scales[j]!))
  );
}
