import { whiten } from "./covariance.ts";
import { succeeded } from "./results.ts";
import type { Candidate, Result, State } from "./state.ts";

/**
 * Mirror images for small populations (Brockhoff et al., Mirrored sampling and sequential selection
 * for evolution strategies, PPSN 2010; Auger et al., Mirrored sampling in evolution strategies with
 * weighted recombination, GECCO 2011). As in pycma they come one population late: the opposite of the
 * worst step is the first candidate of the next one. So a pair is never in the same population, and
 * all candidates of one can be evaluated at the same time.
 */

/** The state with the step to mirror next; a mirror image is not mirrored back. */
export function withMirror(before: State, after: State, ranked: readonly Result[]): State {
  if (!before.parameters.mirrors) return after;
  const worst = ranked.at(-1)!;
  const mirror = worst.step.map((value, i) => 0 - value * before.sigma * before.scales[i]!);
  const useful = ranked.some(succeeded) && !worst.mirrored && mirror.every(Number.isFinite);
  return { ...after, mirror: useful ? mirror : null };
}

/**
 * The mirror image in the distribution of now. Where it is longer than a typical step it gets the
 * length of one that was drawn (pycma's `CMA_injections_threshold_keep_len`).
 *
 * @param drawnLength The squared length of a standard normal vector of N numbers.
 */
export function mirrorImage(
  { mean, sigma, scales, covariance, dimension }: State,
  mirror: readonly number[],
  drawnLength: number,
): Pick<Candidate, "step" | "unbounded" | "squaredLength" | "mirrored"> {
  const whole = mirror.map((value, i) => value / (sigma * scales[i]!));
  const length = whiten(covariance, whole).reduce((sum, value) => sum + value * value, 0);
  const factor = length > dimension ? Math.sqrt(drawnLength / length) : 1;
  return {
    step: whole.map((value) => factor * value + 0), // no -0, which JSON would lose
    unbounded: mirror.map((value, i) => mean[i]! + factor * value),
    squaredLength: factor * factor * length,
    mirrored: true,
  };
}
