import { candidateId } from "./ask.ts";
import { intoBox, outOfBox } from "./boundaries.ts";
import { whiten } from "./covariance.ts";
import type { Candidate, State } from "./state.ts";

/** How {@linkcode inject} treats the points. */
export interface InjectOptions {
  /**
   * Whether a point that the distribution would hardly draw is moved towards the mean, so that one
   * point cannot throw the adaptation off. Default true.
   */
  readonly limitLength?: boolean;
}

/**
 * Makes candidates of given points, to be evaluated and told with those of {@linkcode ask}.
 *
 * With `limitLength` the step of a point from the mean has at most the Mahalanobis length
 * sqrt(N) + 2 N / (N + 2) (Hansen, Injecting external solutions into CMA-ES, arXiv 1110.4181); the
 * candidate is the point after that.
 *
 * @param state The distribution that the points join.
 * @param points Points inside the box, length N each.
 * @returns The state that counts them as asked, and the candidates.
 * @throws {TypeError} If a point has not N coordinates.
 */
export function inject(
  state: State,
  points: readonly (readonly number[])[],
  options: InjectOptions = {},
): [State, Candidate[]] {
  const { limitLength = true } = options;
  const { dimension: n, mean, sigma, covariance, box } = state;
  const longest = Math.sqrt(n) + 2 * n / (n + 2);
  const logVolume = covariance.lengths.reduce((sum, length) => sum + Math.log(sigma * length), 0);
  const candidates = points.map((point, i): Candidate => {
    if (point.length !== n) {
      throw new TypeError(
        `Cannot inject a point: it must have ${n} coordinates, received ${point.length}`,
      );
    }
    const target = outOfBox(box, point);
    const white = whiten(covariance, target.map((value, j) => (value - mean[j]!) / sigma));
    const length = Math.sqrt(white.reduce((sum, value) => sum + value * value, 0));
    const limited = limitLength && length > longest;
    const factor = limited ? longest / length : 1;
    const unbounded = limited
      ? target.map((value, j) => mean[j]! + factor * (value - mean[j]!))
      : target;
    const index = state.asked + i;
    return {
      id: candidateId(state.version, index),
      version: state.version,
      index,
      x: limited ? intoBox(box, unbounded) : [...point],
      unbounded,
      logDensity: -((factor * length) ** 2) / 2 - logVolume,
    };
  });
  return [{ ...state, asked: state.asked + points.length }, candidates];
}
