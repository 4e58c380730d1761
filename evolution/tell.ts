import { candidateId } from "./ask.ts";
import type { Best, Result, State } from "./state.ts";
import { updateDistribution } from "./update.ts";

/**
 * Updates the distribution with the results of one generation. The order of the results does not
 * matter: they are ranked by fitness, and equal ones by id. Results without a finite fitness rank
 * last; a generation of nothing else leaves the distribution as it was.
 *
 * @param state A state that was asked.
 * @param results As many as the population size, all of the state's own version.
 * @returns The next version.
 * @throws {TypeError} If a result has not N coordinates.
 * @throws {RangeError} If the number of results is not the population size, or if a candidate is
 * unknown, repeated or of another version.
 */
export function tell(state: State, results: readonly Result[]): State {
  const { populationSize } = state.parameters;
  if (results.length !== populationSize) {
    fail(RangeError, `a generation has ${populationSize} results`, results.length);
  }
  const seen = new Set<number>();
  for (const result of results) {
    requireShape(state, result);
    if (result.version !== state.version) {
      fail(RangeError, `candidates must be of version ${state.version}`, name(result));
    }
    if (seen.has(result.id)) fail(RangeError, "every candidate may be told once", name(result));
    seen.add(result.id);
  }
  const ranked = rank(results);
  const failures = ranked.filter((result) => !Number.isFinite(result.fitness)).length;
  const told = {
    ...state,
    best: better(state.best, ranked[0]!),
    failures: state.failures + failures,
  };
  if (failures === populationSize) {
    const evaluations = state.evaluations + populationSize;
    return { ...told, version: state.version + 1, asked: 0, evaluations };
  }
  return updateDistribution(told, ranked.map((result) => result.unbounded));
}

/** The results, best first: finite fitness before failures, then by fitness, then by id. */
export function rank(results: readonly Result[]): Result[] {
  const key = ({ fitness }: Result) => Number.isFinite(fitness) ? fitness : Infinity;
  return [...results].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  });
}

/** The better of the best so far and the best of a generation. */
export function better(best: Best | null, { id, x, fitness }: Result): Best | null {
  if (!Number.isFinite(fitness) || (best !== null && best.fitness <= fitness)) return best;
  return { id, x, fitness };
}

/** Checks that a result has the form of a candidate of this search. */
export function requireShape(state: State, result: Result): void {
  const { dimension } = state;
  for (const key of ["x", "unbounded"] as const) {
    if (result[key].length !== dimension) {
      fail(TypeError, `${key} must have ${dimension} coordinates`, result[key].length);
    }
    if (!result[key].every(Number.isFinite)) {
      fail(RangeError, `${key} must hold finite numbers`, name(result));
    }
  }
  const known = Number.isInteger(result.index) && result.index >= 0 &&
    Number.isInteger(result.version) && result.version >= 0 && result.version <= state.version &&
    result.id === candidateId(result.version, result.index) &&
    (result.version < state.version || state.asked === 0 || result.index < state.asked);
  if (!known) fail(RangeError, "the candidate must be one that was asked", name(result));
}

function name({ id, version, index }: Result): string {
  return `id ${id} (version ${version}, index ${index})`;
}

function fail(kind: ErrorConstructor, expected: string, received: unknown): never {
  throw new kind(`Cannot tell results: ${expected}, received ${received}`);
}
