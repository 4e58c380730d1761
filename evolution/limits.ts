import { variancesOf } from "./covariance.ts";
import type { State } from "./state.ts";

/** Limits of the standard deviations, in unbounded coordinates. */
export interface Limits {
  /** Smallest deviations, length N, 0 for none. */
  readonly min: readonly number[];
  /** Largest deviations, length N, `null` for none. */
  readonly max: readonly (number | null)[];
}

/** The state with every standard deviation moved into the limits, by means of its scale. */
export function withinLimits(state: State): State {
  if (state.limits === null) return state;
  const { min, max } = state.limits;
  const variances = variancesOf(state.covariance);
  const scales = state.scales.map((scale, i) => {
    const deviation = state.sigma * scale * Math.sqrt(variances[i]!);
    if (deviation < min[i]!) return scale * (min[i]! / deviation);
    const most = max[i]!;
    return most !== null && deviation > most ? scale * (most / deviation) : scale;
  });
  return { ...state, scales };
}
