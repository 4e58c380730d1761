import { candidateId } from "./candidate_id.ts";
import type { Best, Result, State } from "./state.ts";

const VECTORS = ["x", "unbounded", "step"] as const;

/**
 * Checks that a result can be one of this search.
 *
 * @throws {TypeError} If a vector has not N coordinates.
 * @throws {RangeError} If a vector holds something infinite or the candidate was never asked.
 */
export function requireKnown(state: State, result: Result): void {
  for (const key of VECTORS) {
    const vector = result[key];
    if (vector.length !== state.dimension) {
      throw new TypeError(
        `Cannot tell results: ${key} must have ${state.dimension} coordinates, ` +
          `received ${vector.length}`,
      );
    }
    if (!areFinite(vector)) refuse(`${key} must hold finite numbers`, result);
  }
  const { id, version, index } = result;
  const known = Number.isInteger(index) && index >= 0 &&
    Number.isInteger(version) && version >= 0 && version <= state.version &&
    id === candidateId(version, index) &&
    // a holder of the state who never asked cannot know how many others did
    (version < state.version || state.asked === 0 || index < state.asked);
  if (!known) refuse("the candidate must be one that was asked", result);
}

function areFinite(vector: readonly number[]): boolean {
  let zero = 0; // NaN from the first number on that is not finite
  for (let i = 0; i < vector.length; i++) zero += 0 * vector[i]!;
  return zero === 0;
}

/** Throws the error of a result that cannot be told. */
export function refuse(expected: string, { id, version, index }: Result): never {
  throw new RangeError(
    `Cannot tell results: ${expected}, received id ${id} (version ${version}, index ${index})`,
  );
}

/** Whether the evaluation gave a fitness. */
export function succeeded({ fitness }: Result): boolean {
  return Number.isFinite(fitness);
}

/** The results, best first: by fitness, equal ones by id, and failed ones last. */
export function rank(results: readonly Result[]): Result[] {
  const key = (result: Result) => succeeded(result) ? result.fitness : Infinity;
  return results.toSorted((a, b) => {
    const left = key(a);
    const right = key(b);
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  });
}

/**
 * The state with results counted and the best remembered; the distribution stays as it was.
 *
 * @param ranked At least one, best first.
 */
export function counted(state: State, ranked: readonly Result[]): State {
  const leader = ranked[0]!;
  const better = succeeded(leader) &&
    !(state.best !== null && state.best.fitness <= leader.fitness);
  const best: Best | null = better
    ? { id: leader.id, x: leader.x, fitness: leader.fitness + 0, version: state.version }
    : state.best;
  return {
    ...state,
    evaluations: state.evaluations + ranked.length,
    failures: state.failures + ranked.filter((result) => !succeeded(result)).length,
    best,
  };
}
