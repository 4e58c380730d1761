import type { State } from "./state.ts";

/** Why a search should stop: each reason with the value that met its limit. Empty: go on. */
export interface StopReasons {
  /** Largest standard deviation of any coordinate, below 1e-11 of the initial step size. */
  readonly tolx?: number;
  /** Condition number of the covariance matrix, above 1e14. */
  readonly condition?: number;
}

/** The reasons to stop, none while the search is healthy. */
export function shouldStop(state: State): StopReasons {
  const { lengths } = state.covariance;
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const deviation = state.sigma * longest;
  const condition = (longest / shortest) ** 2;
  return {
    ...(deviation < 1e-11 * state.initialSigma ? { tolx: deviation } : {}),
    ...(condition > 1e14 ? { condition } : {}),
  };
}
