import type { Random } from "../random.ts";
import { intoBox } from "./boundaries.ts";
import { stretch } from "./covariance.ts";
import type { Candidate, State } from "./state.ts";

/** Candidates that one version of the distribution can give: ids leave 20 bits for the index. */
const MAX_PER_VERSION = 2 ** 20;

/**
 * Draws candidates from the distribution (tutorial eqs. 38 to 40).
 *
 * @param state The distribution.
 * @param random Its next normal numbers, N per candidate, decide the candidates.
 * @param count How many, at least 1. Default the population size.
 * @returns The state that remembers how many were asked, and the candidates.
 * @throws {RangeError} If the count is not a positive integer, or the version gave 2^20 candidates.
 */
export function ask(
  state: State,
  random: Random,
  count: number = state.parameters.populationSize,
): [State, Candidate[]] {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(
      `Cannot ask for candidates: the count must be a positive integer, received ${count}`,
    );
  }
  if (state.asked + count > MAX_PER_VERSION) {
    throw new RangeError(
      `Cannot ask for candidates: one version gives at most ${MAX_PER_VERSION}, ` +
        `received a request for ${count} after ${state.asked}`,
    );
  }
  const logVolume = state.covariance.lengths.reduce(
    (sum, length) => sum + Math.log(state.sigma * length),
    0,
  );
  const candidates = Array.from({ length: count }, (_, i): Candidate => {
    const z = state.mean.map(() => random.normal());
    const step = stretch(state.covariance, z);
    const unbounded = state.mean.map((value, j) => value + state.sigma * step[j]!);
    const squaredLength = z.reduce((sum, value) => sum + value * value, 0);
    const index = state.asked + i;
    return {
      id: candidateId(state.version, index),
      version: state.version,
      index,
      x: intoBox(state.box, unbounded),
      unbounded,
      logDensity: -squaredLength / 2 - logVolume,
    };
  });
  return [{ ...state, asked: state.asked + count }, candidates];
}

/** The id of a candidate: ordered by version, then by index. */
export function candidateId(version: number, index: number): number {
  return version * MAX_PER_VERSION + index;
}
