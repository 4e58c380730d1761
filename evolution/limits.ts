import { variancesOf } from "./covariance.ts";
import { smallestDeviation } from "./integers.ts";
import type { State } from "./state.ts";

/**
 * The state with the standard deviation of every coordinate inside its limits, by means of its
 * scale: integers must not freeze inside a cell, and a third of the box is as much as a distribution
 * in it can use.
 */
export function withinLimits(state: State): State {
  const { box, cells, sigma } = state;
  if (box === null && cells === null) return state;
  const variances = variancesOf(state.covariance);
  const scales = state.scales.map((scale, i) => {
    const lower = box?.lower[i] ?? null;
    const upper = box?.upper[i] ?? null;
    const most = lower === null || upper === null ? Infinity : (upper - lower) / 3;
    const cell = cells?.[i] ?? null;
    const least = cell === null ? 0 : Math.min(most, smallestDeviation(state, cell, i));
    const deviation = sigma * scale * Math.sqrt(variances[i]!);
    if (deviation < least) return scale * (least / deviation);
    return deviation > most ? scale * (most / deviation) : scale;
  });
  return { ...state, scales };
}
