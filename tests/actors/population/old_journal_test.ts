import { assertEquals } from "@std/assert";
import type { Evaluated, Sampled } from "../../../actors/record/facts.ts";
import { type SearchPlan, SearchProgress } from "../../../actors/population/search_progress.ts";
import { ask, createState, Random, type State, tell } from "../../../evolution/mod.ts";
import { cmaEs } from "../../../strategies/cma_es.ts";

const plan: SearchPlan = {
  mean: [0.5, 0.5],
  bounds: { lower: [0, 0], upper: [1, 1] },
  sigma: 0.3,
  populationSize: 4,
  generations: 10,
  strategy: cmaEs,
  mode: "sync",
  staleness: { policy: "mix" },
  finalists: 1,
  finalistRepeats: 0,
  seed: 1,
};

/** The events of two generations; in journals from before 0.2.0 a draw does not say what was told. */
function replayed(old: boolean): SearchProgress {
  const progress = new SearchProgress(plan);
  const random = new Random(1);
  for (let generation = 0; generation < 2; generation++) {
    const [, draws] = ask(progress.distribution.state as State, random);
    const sampled = draws.map((draw, candidate): Sampled => {
      const { toldBefore: _, ...older } = draw;
      const key = { generation, candidate, repeat: 0 };
      return { type: "Sampled", ...key, seed: 1, draw: old ? older : draw };
    });
    for (const event of sampled) progress.sampled(event);
    for (const { draw, candidate } of sampled) {
      const evaluated: Evaluated = {
        type: "Evaluated",
        generation,
        candidate,
        repeat: 0,
        seed: 1,
        distribution: draw.version,
        age: 0,
        status: "ok",
        fitness: -draw.x[0]!,
        scores: {},
        timings: {},
        reason: null,
      };
      progress.evaluated(evaluated);
    }
  }
  return progress;
}

/** The same without actors. */
function evolved(mirrors: boolean) {
  const { mean, bounds, sigma } = plan;
  let state = createState({ mean, bounds, sigma, populationSize: 4, mirrors });
  const random = new Random(1);
  for (let generation = 0; generation < 2; generation++) {
    const [, draws] = ask(state, random);
    state = tell(state, draws.map((draw) => ({ ...draw, fitness: draw.x[0]! })));
  }
  return state;
}

Deno.test("a run that was begun before there were mirrors goes on without them, a new one has them", () => {
  for (const old of [true, false]) {
    const state = replayed(old).distribution.state as State;
    const expected = evolved(!old);
    assertEquals([state.mean, state.sigma], [expected.mean, expected.sigma]);
    assertEquals(state.mirror, expected.mirror);
  }
});
