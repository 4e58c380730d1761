import { withIds } from "./ask.ts";
import { outOfBox } from "./boundaries.ts";
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
 * @throws {RangeError} If a coordinate is not finite or lies outside the box, or if the point is so
 * far from the mean that the square of its distance is no number.
 */
export function inject(
  state: State,
  points: readonly (readonly number[])[],
  options: InjectOptions = {},
): [State, Candidate[]] {
  const { limitLength = true } = options;
  const { dimension: n, mean, sigma, scales } = state;
  const longest = Math.sqrt(n) + 2 * n / (n + 2);
  return withIds(
    state,
    points.map((point) => {
      requireInside(state, point);
      const target = outOfBox(state.box, point).map((value) => value + 0); // no -0
      const step = target.map((value, i) => (value - mean[i]!) / (sigma * scales[i]!));
      const white = whiten(state.covariance, step);
      const length = Math.sqrt(white.reduce((sum, value) => sum + value * value, 0));
      if (!(length * length < Infinity)) refuseFar(point);
      if (!limitLength || length <= longest) {
        return { step, unbounded: target, squaredLength: length * length };
      }
      const factor = longest / length;
      return {
        step: step.map((value) => factor * value),
        unbounded: target.map((value, i) => mean[i]! + factor * (value - mean[i]!)),
        squaredLength: longest * longest,
      };
    }),
  );
}

function refuseFar(point: readonly number[]): never {
  throw new RangeError(
    "Cannot inject a point: the square of its distance from the mean, in deviations, must be a " +
      `finite number, received the point [${point}]`,
  );
}

function requireInside({ dimension, box }: State, point: readonly number[]): void {
  if (point.length !== dimension) {
    throw new TypeError(
      `Cannot inject a point: it must have ${dimension} coordinates, received ${point.length}`,
    );
  }
  const bad = point.findIndex((value, i) => {
    const lower = box?.lower[i] ?? -Infinity;
    const upper = box?.upper[i] ?? Infinity;
    return !(Number.isFinite(value) && value >= lower && value <= upper);
  });
  if (bad >= 0) {
    throw new RangeError(
      `Cannot inject a point: it must be finite and inside the box, ` +
        `received ${point[bad]} at coordinate ${bad}`,
    );
  }
}
