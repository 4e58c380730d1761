import { assert, assertEquals } from "@std/assert";
import {
  ask,
  createState,
  deriveSeed,
  Random,
  shouldStop,
  type State,
  type StopReasons,
  tell,
} from "../../evolution/mod.ts";
import { ellipsoid, evaluated, evolved, sphere } from "./objectives.ts";

const start = createState({ mean: [1, 1, 1], sigma: 0.5 });

/** Runs until there is a reason, and returns all of them with the state. */
function run(
  state: State,
  objective: (x: readonly number[]) => number,
  limit = 3000,
): [StopReasons, State] {
  const random = new Random(1);
  for (let i = 0; i < limit && Object.keys(shouldStop(state)).length === 0; i++) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, evaluated(candidates, objective));
  }
  return [shouldStop(state), state];
}

Deno.test("a healthy search has no reason to stop", () => {
  assertEquals(shouldStop(start), {});
  assertEquals(shouldStop(evolved(start, ellipsoid, 30, new Random(1))), {});
});

Deno.test("budgets and the target end a search when they are met", () => {
  const state = evolved(start, sphere, 40, new Random(1));
  const best = state.best!.fitness;
  assertEquals(shouldStop(state, { ftarget: best }), { ftarget: best });
  assertEquals(shouldStop(state, { ftarget: best / 2 }), {});
  assertEquals(shouldStop(state, { maxfevals: 280 }), { maxfevals: 280 });
  assertEquals(shouldStop(state, { maxfevals: 281 }), {});
  assertEquals(shouldStop(state, { maxiter: 40 }), { maxiter: 40 });
  assertEquals(shouldStop(state, { timeout: 5, elapsed: 6 }), { timeout: 6 });
  assertEquals(shouldStop(state, { timeout: 5, elapsed: 4 }), {});
});

Deno.test("convergence is seen in the fitness", () => {
  const [reasons] = run(start, sphere);
  assert(reasons.tolfun! < 1e-11, JSON.stringify(reasons));
  const [late] = run(start, (x) => 1e9 + sphere(x));
  assert(late.tolfunhist! < 1e-12 || late.tolflatfitness! > 1, JSON.stringify(late));
});

Deno.test("convergence is seen in the deviations", () => {
  const [reasons, state] = run(start, (x) => 1e20 * sphere(x));
  assert(reasons.tolx! < 1e-11, JSON.stringify(reasons));
  assertEquals(shouldStop(state, { tolx: reasons.tolx! / 2 }).tolx, undefined);
});

Deno.test("a step size that was far too small is reported", () => {
  const tiny = createState({ mean: [1e4, 1e4], sigma: 0.01 });
  const [reasons] = run(tiny, sphere);
  assert(reasons.tolfacupx! > 1e3, JSON.stringify(reasons));
});

Deno.test("equal fitness everywhere is reported after the tolerated versions", () => {
  const state = evolved(start, () => 1, 5, new Random(1));
  assertEquals(shouldStop(state, { tolflatfitness: 5 }).tolflatfitness, undefined);
  assertEquals(shouldStop(state, { tolflatfitness: 4 }).tolflatfitness, 5);
});

Deno.test("the fitness range is compared with the progress of the median", () => {
  const state = evolved(start, sphere, 40, new Random(1));
  assert(shouldStop(state, { tolfunrel: 1e-2 }).tolfunrel! < 1e-2);
});

Deno.test("no progress in a long time is stagnation", () => {
  const noise = new Random(3);
  const state = evolved(start, () => noise.uniform(), 1500, new Random(1));
  assert(shouldStop(state).tolstagnation! > 80, JSON.stringify(shouldStop(state)));
  const better = evolved(start, (x) => -x[0]!, 600, new Random(1));
  assertEquals(shouldStop(better).tolstagnation, undefined);
});

Deno.test("a mean that no longer moves is stagnation", () => {
  const still: State = {
    ...evolved(start, sphere, 5, new Random(1)),
    version: 200,
  };
  assertEquals(shouldStop(still).tolxstagnation, 195);
  assertEquals(shouldStop(still, { tolxstagnation: 5 }).tolxstagnation, undefined);
});

Deno.test("a covariance at the end of what numbers can hold is reported", () => {
  // along a diagonal: along the coordinates the scales would take it over
  const bad = (axis: number): number[][] => [[1, 0, 0], [0, 1, 1 - axis], [0, 1 - axis, 1]];
  const sick = createState({ mean: [1, 1, 1], sigma: 1, covariance: bad(1e-15) });
  assert(shouldStop(sick).tolconditioncov! > 1e14);
  const fine = createState({ mean: [1, 1, 1], sigma: 1, covariance: bad(1e-13) });
  assertEquals(shouldStop(fine), {});
});

Deno.test("steps too small to change the mean are reported", () => {
  const far = createState({ mean: [1, 1e18, 1], sigma: 1 });
  assertEquals(shouldStop(far).noeffectcoord, 1);
  const farther = createState({ mean: [1e18, 1e18, 1e18], sigma: 1 });
  assertEquals(shouldStop(farther).noeffectaxis, 0);
});

Deno.test("creeping is reported", () => {
  const creeping: State = { ...start, sigma: 1e21 };
  assert(shouldStop(creeping).tolupsigma! > 1e20);
});

Deno.test("one success among failures is neither convergence nor equal fitness", () => {
  let state = start;
  const random = new Random(1);
  for (let generation = 0; generation < 8; generation++) {
    const [asked, candidates] = ask(state, random);
    state = tell(
      asked,
      candidates.map((one, i) => ({ ...one, fitness: i === 0 ? Number.MAX_VALUE : NaN })),
    );
    assertEquals(shouldStop(state, { tolfunrel: 0.1 }), {});
  }
  assertEquals([state.history.flat, state.history.firstMedian], [0, null]);
});

Deno.test("a few equal ones among failures are not equal fitness, many are", () => {
  const flat = (successes: number) => {
    const random = new Random(1);
    let state = start;
    for (let generation = 0; generation < 5; generation++) {
      const [asked, candidates] = ask(state, random);
      state = tell(
        asked,
        candidates.map((one, i) => ({ ...one, fitness: i < successes ? 1 : Infinity })),
      );
    }
    return state.history.flat;
  };
  assertEquals([1, 3, 5, 6, 7].map(flat), [0, 0, 0, 5, 5]);
});

Deno.test("a generation that mostly fails is no progress of the median", () => {
  const [asked, candidates] = ask(start, new Random(1));
  const lucky = tell(asked, candidates.map((one, i) => ({ ...one, fitness: i === 0 ? 0 : NaN })));
  const state = evolved(lucky, (x) => 1e3 + sphere(x), 3, new Random(2));
  assertEquals(shouldStop(state, { tolfunrel: 1e-3 }), {});
  assert(state.history.lowestMedian! >= 1e3);
});

Deno.test("the largest numbers are compared without overflow", () => {
  const random = new Random(1);
  const worse = evolved(start, () => 1.7e308, 1, random);
  const state = evolved(worse, () => -1.7e308 * (0.5 + 0.5 * random.uniform()), 3, random);
  assertEquals(shouldStop(state, { tolfunrel: 1e-3 }), {});
  assert(state.history.lowestMedian! < -1e308);
});

Deno.test("where all coordinates are integers a search goes on until the last of them is right", () => {
  const height = 28;
  const pixel = (u: number) => Math.min(height - 1, Math.floor(u * height));
  const solved = Array.from({ length: 15 }, (_, seed) => {
    const random = new Random(deriveSeed(seed, 12));
    const targets = Array.from({ length: 12 }, () => random.integer(height));
    const objective = (x: readonly number[]) =>
      x.reduce((sum, u, i) => sum + 10 ** (3 * i / 11) * (pixel(u) - targets[i]!) ** 2, 0);
    let state = createState({
      mean: targets.map(() => random.uniform()),
      sigma: 0.3,
      bounds: { lower: 0, upper: 1 },
      integers: targets.map(() => 1 / height),
    });
    while (Object.keys(shouldStop(state, { ftarget: 0, maxfevals: 20_000 })).length === 0) {
      const [asked, candidates] = ask(state, random);
      state = tell(asked, evaluated(candidates, objective));
    }
    return state.best!.fitness === 0;
  });
  assertEquals(solved.filter((found) => found).length, 15);
});

Deno.test("equal fitness is tolerated for longer the more coordinates are integers", () => {
  const flat = (part: number) => {
    const integers = [0, 1, 2].map((i) => i < part ? 1e-6 : null);
    let state = createState({ mean: [1, 1, 1], sigma: 0.5, integers });
    const random = new Random(1);
    while (shouldStop(state).tolflatfitness === undefined) {
      const [asked, candidates] = ask(state, random);
      state = tell(asked, evaluated(candidates, () => 1));
    }
    return state.version;
  };
  assertEquals([0, 1, 2, 3].map(flat), [2, 14, 24, 34]);
  const integers = createState({ mean: [1, 1, 1], sigma: 0.5, integers: [1e-6, 1e-6, 1e-6] });
  const [, { tolfun, tolfunhist }] = [0, shouldStop(evolved(integers, () => 1, 20, new Random(1)))];
  assertEquals([tolfun, tolfunhist], [undefined, undefined]);
});
