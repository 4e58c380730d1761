import { assert, assertEquals } from "@std/assert";
import { intoBox } from "../../evolution/mod.ts";
import { deriveSeed, Random } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import { cmaEs } from "../../strategies/cma_es.ts";
import type { Draw, Start, Strategy, Told } from "../../strategies/mod.ts";
import { restarting, type RestartingState } from "../../strategies/restarting.ts";
import { sphere } from "../evolution/objectives.ts";

type Objective = (x: readonly number[]) => number;

const rastrigin: Objective = (x) =>
  x.reduce((sum, value) => sum + value * value - 10 * Math.cos(2 * Math.PI * value) + 10, 0);

/** The bounds of so many coordinates. */
const box = (lower: number | null, upper: number | null, coordinates = 2): Start["bounds"] => ({
  lower: new Array<number | null>(coordinates).fill(lower),
  upper: new Array<number | null>(coordinates).fill(upper),
});
const start: Start = { mean: [3, 3, 3, 3, 3], sigma: 2, bounds: box(-5, 5, 5), seed: 1 };
const brief: Start = { ...start, mean: [3, 3], bounds: box(-5, 5), populationSize: 4 };

/** A generation as a search asks for it and tells it. */
function generation<State, D extends Draw>(
  strategy: Strategy<State, D>,
  state: State,
  number: number,
  objective: Objective,
): [State, Told<D>[]] {
  const population = strategy.populationSize(state);
  const results = Array.from({ length: population }, (_, candidate) => {
    const random = new Random(deriveSeed(start.seed, RUN_STREAMS.candidate, number, candidate));
    const draw = strategy.ask(state, random, number * population + candidate);
    return { ...draw, fitness: objective(draw.x) };
  });
  return [strategy.tell(state, results), results];
}

/** The best value of a search that ends at 1e-9. */
function bestOf<State, D extends Draw>(
  strategy: Strategy<State, D>,
  start: Start,
  generations: number,
): number {
  let state = strategy.create(start);
  let best = Infinity;
  for (let number = 0; number < generations && best > 1e-9; number++) {
    const [next, results] = generation(strategy, state, number, rastrigin);
    state = next;
    best = Math.min(best, ...results.map(({ fitness }) => fitness));
  }
  return best;
}

/** All states of a search, the first one among them. */
function* statesOf(
  kind: "ipop" | "bipop",
  start: Start,
  generations: number,
  objective: Objective,
): Generator<RestartingState> {
  const strategy = restarting(kind);
  let state = strategy.create(start);
  yield state;
  for (let number = 0; number < generations; number++) {
    [state] = generation(strategy, state, number, objective);
    yield state;
  }
}

for (const kind of ["ipop", "bipop"] as const) {
  Deno.test(`${kind} reaches the best optimum of Rastrigin's function, CMA-ES alone does not`, () => {
    for (const seed of [1, 2, 3]) {
      assert(bestOf(cmaEs, { ...start, seed }, 1000) > 0.9, `seed ${seed}`);
      assert(bestOf(restarting(kind), { ...start, seed }, 8000) <= 1e-9, `seed ${seed}`);
      // Its first run has the same candidates as CMA-ES: what it is worth comes from the restarts.
      assertEquals(
        bestOf(restarting(kind), { ...start, seed }, 100),
        bestOf(cmaEs, { ...start, seed }, 100),
      );
    }
  });

  Deno.test(`${kind}: when no restart is left the last run goes on, and has converged`, () => {
    const strategy = restarting(kind);
    const runs: [kind: string, population: number][] = [];
    let seen = -1;
    let last: RestartingState | undefined;
    for (const state of statesOf(kind, brief, 20_000, () => 1)) {
      const reasons = Object.keys(strategy.converged!(state));
      assertEquals(reasons.length > 0, state.isLast);
      if (state.restarted !== seen) runs.push([state.run.kind, state.run.populationSize]);
      seen = state.restarted;
      if (last) {
        assert(state.cmaEs.version >= last.cmaEs.version);
        if (state.cmaEs.version > last.cmaEs.version) break;
      }
      if (state.isLast) last = state;
    }
    assert(last, "no restart is left");
    assertEquals(
      runs.filter(([kind]) => kind === "large").map(([, population]) => population),
      Array.from({ length: 9 }, (_, doubling) => 8 * 2 ** doubling),
    );
    assertEquals(runs.some(([kind]) => kind === "small"), kind === "bipop");
    for (const [, population] of runs) assertEquals(population % 4, 0);
  });
}

Deno.test("a population of k times the first one takes k generations for one update", () => {
  let before: RestartingState | undefined;
  let updates = 0;
  for (const state of statesOf("ipop", brief, 600, sphere)) {
    assertEquals(restarting("ipop").populationSize(state), 4);
    if (before && before.restarted === state.restarted) {
      const isWhole = before.waiting.length + 4 === state.run.populationSize;
      assertEquals(state.cmaEs.version, before.cmaEs.version + (isWhole ? 1 : 0));
      assertEquals(state.waiting.length, isWhole ? 0 : before.waiting.length + 4);
      assertEquals(state.version, before.version + 1);
      if (isWhole && state.restarted > 1) updates++;
    }
    before = state;
  }
  assert(before!.run.populationSize >= 16 && updates > 0);
});

Deno.test("candidates have the version of the search, and the ids of their run", () => {
  const strategy = restarting("ipop");
  let state = strategy.create(brief);
  const ids = new Map<string, Set<number>>();
  for (let number = 0; number < 40; number++) {
    const { restarted } = state;
    const [next, results] = generation(strategy, state, number, () => 1);
    for (const { id, version, runVersion } of results) {
      assertEquals([version, runVersion], [number, state.cmaEs.version]);
      const known = ids.get(`${restarted}`) ?? new Set();
      assert(!known.has(id), `${id} is there twice`);
      ids.set(`${restarted}`, known.add(id));
    }
    state = next;
  }
  assert(ids.size > 2);
});

Deno.test("small runs of bipop end after half the evaluations of the large ones", () => {
  let before: RestartingState | undefined;
  let cut = 0;
  for (const state of statesOf("bipop", brief, 1000, sphere)) {
    const { run: { kind, maxEvaluations }, cmaEs: { evaluations } } = state;
    if (kind === "small") assert(evaluations < maxEvaluations!);
    if (before?.run.kind === "small" && before.restarted < state.restarted) {
      const { run, cmaEs } = before;
      if (cmaEs.evaluations + run.populationSize >= run.maxEvaluations!) cut++;
    }
    before = state;
  }
  assert(cut > 0);
});

Deno.test("a run begins anywhere in the box, and without one around the first mean", () => {
  const startsOf = (start: Start) => {
    const starts = new Map<number, readonly number[]>();
    for (
      const { restarted, cmaEs: { version, mean, box } } of statesOf("ipop", start, 60, () => 1)
    ) {
      if (version === 0) starts.set(restarted, intoBox(box, mean));
    }
    return [...starts.values()].slice(1);
  };
  const corner = { ...brief, mean: [-5, -5], sigma: 0.01 };
  const [inBox, free, above, again] = [
    corner,
    { ...corner, bounds: box(null, null) },
    { ...corner, bounds: box(-5, null) },
    { ...corner, seed: 2 },
  ].map(startsOf);
  assertEquals(inBox!.length > 2 && free!.length > 2, true);
  assert(inBox!.some(([x]) => x! > -4));
  for (const mean of free!) {
    for (const x of mean) assert(Math.abs(x + 5) < 0.05 && x !== -5);
  }
  for (const mean of above!) for (const x of mean) assert(Math.abs(x + 5) < 0.1);
  assert(JSON.stringify(inBox) !== JSON.stringify(again), "another seed, other points");
});

Deno.test("a state that went through JSON goes on with the same numbers, failures too", () => {
  const strategy = restarting("bipop");
  const failing: Objective = ([x]) => x! > 1 ? Infinity : x! < -1 ? -0 : 1;
  const options = { ...brief, integers: [null, { step: 1, origin: 0 }] };
  let [state, stored] = [strategy.create(options), strategy.create(options)];
  let waited = false;
  for (let number = 0; number < 200; number++) {
    stored = JSON.parse(JSON.stringify(stored));
    assertEquals(stored, state);
    [state] = generation(strategy, state, number, failing);
    [stored] = generation(strategy, stored, number, failing);
    waited ||= state.waiting.some(({ fitness }) => fitness === null);
  }
  assert(waited && state.restarted > 2);
});
