import { withMirror } from "./mirrors.ts";
import { counted, rank, refuse, requireKnown } from "./results.ts";
import type { Result, State } from "./state.ts";
import { updated } from "./update.ts";

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
    throw new RangeError(
      `Cannot tell results: a generation has ${populationSize} of them, received ${results.length}`,
    );
  }
  if (state.waiting.length > 0) {
    throw new RangeError(
      "Cannot tell results: a generation can only follow complete ones, " +
        `received one while ${state.waiting.length} single results wait`,
    );
  }
  const seen = new Set<number>();
  for (const result of results) {
    requireKnown(state, result);
    if (result.version !== state.version) {
      refuse(`candidates must be of version ${state.version}`, result);
    }
    if (seen.has(result.id)) refuse("every candidate may be told once", result);
    seen.add(result.id);
  }
  const ranked = rank(results);
  return withMirror(state, updated(counted(state, ranked), ranked), ranked);
}
