/**
 * A strategy of your own: the (1+1)-ES with the 1/5 success rule. One parent, one child; the better one
 * is the next parent. The step grows where a fifth of the children or more are better.
 *
 *     deno task search --strategy examples/one_plus_one.ts --generations 240
 *
 * @see Kern et al., Learning probability distributions in continuous evolutionary algorithms, 2004.
 * @module
 */
import type { Strategy } from "../mod.ts";

interface State {
  readonly parent: readonly number[];
  /** Of the parent; infinite before the first child was told. */
  readonly fitness: number;
  readonly sigma: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly version: number;
}

/** What the search asks for. */
export const strategy = (): Strategy<State> => ({
  create: ({ mean, sigma, bounds: { lower, upper } }) => ({
    parent: mean,
    fitness: Infinity,
    sigma,
    lower: lower.map((bound) => bound ?? -Infinity),
    upper: upper.map((bound) => bound ?? Infinity),
    version: 0,
  }),
  populationSize: () => 1,
  ask: ({ parent, sigma, lower, upper, version }, random) => ({
    x: parent.map((value, i) =>
      Math.min(upper[i]!, Math.max(lower[i]!, value + sigma * random.normal()))
    ),
    version,
  }),
  tell: (state, [child]) => {
    const { fitness, sigma, version } = state;
    const better = child!.fitness <= fitness;
    return {
      ...state,
      ...(better && { parent: child!.x, fitness: child!.fitness }),
      sigma: sigma * Math.exp((better ? 1 - 1 / 5 : -1 / 5) / Math.sqrt(state.parent.length + 1)),
      version: version + 1,
    };
  },
  show: ({ sigma, parent }) => ({ sigma, axisRatio: 1, mean: parent }),
});
