import type { Random } from "../random.ts";
import { intoBox } from "./boundaries.ts";
import { candidateId, MAX_PER_VERSION } from "./candidate_id.ts";
import { stretch } from "./covariance.ts";
import { mirrorImage } from "./mirrors.ts";
import type { Candidate, State } from "./state.ts";

/**
 * Draws candidates from the distribution (tutorial eqs. 38 to 40). In populations below 5 the first
 * one after an update is the mirror image of the worst before it.
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
  const zs: number[][] = [];
  for (let i = 0; i < count; i++) zs.push(normals(random, state.dimension));
  const steps = stretch(state.covariance, zs);
  const points = steps.map((step, i) => pointAt(state, step, zs[i]!));
  if (!state.mirror) return withIds(state, points);
  const image = mirrorImage(state, state.mirror, points[0]!.squaredLength);
  return withIds({ ...state, mirror: null }, [image, ...points.slice(1)]);
}

// Loops, because a search draws single candidates, and most of what that takes is calls.

function normals(random: Random, count: number): number[] {
  const z: number[] = [];
  for (let i = 0; i < count; i++) z.push(random.normal());
  return z;
}

/** The point that is a step away from the mean; the step came from the vector z. */
function pointAt(
  { mean, sigma, scales }: State,
  step: readonly number[],
  z: readonly number[],
): Point {
  const unbounded: number[] = [];
  let squaredLength = 0;
  for (let i = 0; i < mean.length; i++) {
    unbounded.push(mean[i]! + sigma * scales[i]! * step[i]!);
    squaredLength += z[i]! * z[i]!;
  }
  return { step, unbounded, squaredLength };
}

type Point = Pick<Candidate, "step" | "unbounded" | "squaredLength" | "mirrored">;

/** Gives points their ids. */
export function withIds(
  state: State,
  points: readonly Point[],
): [State, Candidate[]] {
  const asked = state.asked + points.length;
  if (asked > MAX_PER_VERSION) {
    throw new RangeError(
      `Cannot ask for candidates: one version gives at most ${MAX_PER_VERSION}, received ${asked}`,
    );
  }
  const volume = logVolume(state);
  const candidates = points.map((point, i): Candidate => ({
    id: candidateId(state.version, state.asked + i),
    version: state.version,
    index: state.asked + i,
    x: intoBox(state.box, point.unbounded),
    ...point,
    logVolume: volume,
    toldBefore: state.evaluations,
  }));
  return [{ ...state, asked }, candidates];
}

/** Logarithm of the product of the deviations along the axes. */
export function logVolume({ sigma, scales, covariance }: State): number {
  return scales.reduce(
    (sum, scale, i) => sum + Math.log(sigma * scale * covariance.lengths[i]!),
    0,
  );
}
