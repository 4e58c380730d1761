import { variancesOf } from "./covariance.ts";
import type { State } from "./state.ts";

/** As many deviations from the mean as no candidate can be, and a search cannot grow by at once. */
const REACH = 1e10;

/**
 * The first coordinate along which 64-bit numbers cannot hold the candidates of a distribution: its
 * deviation has vanished, or 1e10 of them are no number any more; -1 if there is none.
 */
export function unreachable({ mean, sigma, scales, covariance }: State): number {
  const variances = variancesOf(covariance);
  for (let i = 0; i < variances.length; i++) {
    const unit = sigma * scales[i]!;
    const axis = unit * covariance.lengths[i]!;
    // rounding may have made a variance negative; the next decomposition repairs that
    const deviation = unit * Math.sqrt(Math.abs(variances[i]!));
    const reach = REACH * Math.max(axis, unit, deviation) + Math.abs(mean[i]!);
    if (!(unit > 0 && axis > 0 && Number.isFinite(reach))) return i;
  }
  return -1;
}

/** Whether every number of a distribution is finite, and its step size positive. */
export function isSound(state: State): boolean {
  const { sigma, mean, pathSigma, pathC, covariance } = state;
  const entries = covariance.variant === "full" ? covariance.lower : covariance.variances;
  return sigma > 0 && [[sigma], mean, pathSigma, pathC, entries].every(allFinite);
}

function allFinite(values: readonly number[]): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false;
  return true;
}
