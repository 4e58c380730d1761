import type { Result, State } from "./state.ts";
import { better, rank, requireShape } from "./tell.ts";
import { updateDistribution } from "./update.ts";

/**
 * What to do with results of older versions of the distribution.
 *
 * - `drop`: results more than `maxAge` versions old are counted and thrown away.
 * - `mix`: every result counts like one of the newest version.
 * - `reweight`: a positive weight is multiplied by how much likelier the newest distribution is to
 *   draw the candidate than the one it came from, at most 1.
 */
export type Staleness =
  | { readonly policy: "drop"; readonly maxAge: number }
  | { readonly policy: "mix" }
  | { readonly policy: "reweight" };

/**
 * Takes one result, from whatever version, and updates the distribution whenever a population size
 * of them is there.
 *
 * @param state The newest state.
 * @param result A candidate of this or an older version, with its fitness.
 * @param staleness What to do with old results.
 * @returns The state with the result in it.
 * @throws {TypeError} If the result has not N coordinates.
 * @throws {RangeError} If the candidate is unknown or was told before.
 */
export function tellOne(state: State, result: Result, staleness: Staleness): State {
  requireShape(state, result);
  if (state.told.includes(result.id)) {
    throw new RangeError(
      `Cannot tell a result: every candidate may be told once, received id ${result.id} again`,
    );
  }
  const received: State = {
    ...state,
    told: [...state.told, result.id].slice(-100 * state.parameters.populationSize),
    best: better(state.best, result),
    failures: state.failures + (Number.isFinite(result.fitness) ? 0 : 1),
  };
  if (staleness.policy === "drop" && state.version - result.version > staleness.maxAge) {
    return { ...received, dropped: state.dropped + 1, evaluations: state.evaluations + 1 };
  }
  const waiting = [...state.waiting, result];
  if (waiting.length < state.parameters.populationSize) return { ...received, waiting };
  const ranked = rank(waiting);
  if (!Number.isFinite(ranked[0]!.fitness)) {
    const evaluations = state.evaluations + waiting.length;
    return { ...received, version: state.version + 1, asked: 0, evaluations, waiting: [] };
  }
  return updateDistribution(
    { ...received, waiting: [] },
    ranked.map(({ unbounded }) => unbounded),
  );
}
