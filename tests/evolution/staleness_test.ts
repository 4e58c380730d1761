import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  ask,
  type Candidate,
  createState,
  diagnostics,
  Random,
  type Staleness,
  type State,
  tellOne,
} from "../../evolution/mod.ts";
import { ellipsoid, evaluated, evolved, sphere } from "./objectives.ts";

const policies: Record<string, Staleness> = {
  drop: { policy: "drop", maxAge: 2 },
  mix: { policy: "mix" },
  reweight: { policy: "reweight" },
};

/** A search whose every result comes while `workers - 1` other candidates are being evaluated. */
function delayed(
  state: State,
  objective: (x: readonly number[]) => number,
  staleness: Staleness,
  workers: number,
  evaluations: number,
  random: Random,
): State {
  const busy: Candidate[] = [];
  const order = new Random(workers);
  while (state.evaluations < evaluations) {
    while (busy.length < workers) {
      const [asked, [candidate]] = ask(state, random, 1);
      state = asked;
      busy.push(candidate!);
    }
    const [done] = busy.splice(order.integer(busy.length), 1);
    state = tellOne(state, { ...done!, fitness: objective(done!.x) }, staleness);
  }
  return state;
}

const start = createState({ mean: new Array(10).fill(1), sigma: 0.5 });

for (const [name, staleness] of Object.entries(policies)) {
  Deno.test(`${name}: without delay it is the same as whole generations`, () => {
    const single = delayed(start, ellipsoid, staleness, 1, 300, new Random(1));
    const whole = evolved(start, ellipsoid, 30, new Random(1));
    assertEquals({ ...single, told: [], asked: 0 }, { ...whole, told: [], asked: 0 });
  });

  Deno.test(`${name}: a search four generations late still converges`, () => {
    const state = delayed(start, ellipsoid, staleness, 40, 20_000, new Random(2));
    assert(state.best!.fitness < 1e-6, `reached ${state.best!.fitness}`);
  });

  Deno.test(`${name}: delay alone neither shrinks nor widens the distribution`, () => {
    const seeds = Array.from({ length: 10 }, (_, seed) => seed);
    const growth = seeds.map((seed) => {
      const noise = new Random(100 + seed);
      const state = delayed(start, () => noise.uniform(), staleness, 20, 1000, new Random(seed));
      return Math.log(state.sigma / start.sigma);
    });
    const mean = growth.reduce((sum, value) => sum + value) / growth.length;
    assert(Math.abs(mean) < 1.5, `in 100 updates sigma changed by a factor of ${Math.exp(mean)}`);
  });
}

Deno.test("drop counts what it leaves out, mix and reweight use everything", () => {
  const wasted = (staleness: Staleness) =>
    diagnostics(delayed(start, sphere, staleness, 40, 1000, new Random(4))).dropped;
  assert(wasted({ policy: "drop", maxAge: 0 }) > 500);
  const little = wasted({ policy: "drop", maxAge: 3 });
  assert(little > 0 && little < wasted({ policy: "drop", maxAge: 1 }));
  assertEquals([wasted({ policy: "mix" }), wasted({ policy: "reweight" })], [0, 0]);
});

Deno.test("a dropped result is still an evaluation and may be the best", () => {
  const [asked, [old]] = ask(start, new Random(1), 1);
  const later = delayed(asked, sphere, { policy: "mix" }, 1, 100, new Random(2));
  const told = tellOne(later, { ...old!, fitness: -1 }, { policy: "drop", maxAge: 5 });
  assertEquals([told.dropped, told.evaluations, told.best!.fitness], [1, 101, -1]);
  assertEquals(told.mean, later.mean);
});

Deno.test("reweight moves the mean less towards candidates of a distribution that has moved", () => {
  const shift = (staleness: Staleness) => {
    const [asked, old] = ask(start, new Random(1), 10);
    let state: State = { ...asked, version: 1, asked: 0, mean: start.mean.map((m) => m - 1) };
    for (const result of evaluated(old, sphere)) state = tellOne(state, result, staleness);
    assertEquals(state.version, 2);
    return Math.sqrt(sphere(state.mean.map((value) => value - 0)));
  };
  const here = Math.sqrt(sphere(start.mean.map((m) => m - 1)));
  assert(shift({ policy: "reweight" }) - here < 0.9 * (shift({ policy: "mix" }) - here));
});

Deno.test("failures among single results rank last and are counted", () => {
  const [asked, candidates] = ask(start, new Random(1), 10);
  let state = asked;
  for (const candidate of candidates) {
    state = tellOne(state, { ...candidate, fitness: NaN }, { policy: "mix" });
  }
  assertEquals([state.version, state.failures, state.evaluations], [1, 10, 10]);
  assertEquals([state.mean, state.sigma], [start.mean, start.sigma]);
});

Deno.test("results that cannot be are refused", () => {
  const mix: Staleness = { policy: "mix" };
  const [asked, [one]] = ask(start, new Random(1), 1);
  const result = { ...one!, fitness: 1 };
  const told = tellOne(asked, result, mix);
  assertThrows(() => tellOne(told, result, mix), RangeError, "told once, received id 0");
  assertThrows(() => tellOne(asked, { ...result, id: 5 }, mix), RangeError, "one that was asked");
  assertThrows(() => tellOne(asked, { ...result, x: [1] }, mix), TypeError, "10 coordinates");
  for (const maxAge of [-1, NaN]) {
    assertThrows(
      () => tellOne(asked, result, { policy: "drop", maxAge }),
      RangeError,
      `maxAge must be a number of at least 0, received ${maxAge}`,
    );
  }
});

Deno.test("a result told twice is refused across updates, and forgotten ones are dropped", () => {
  const mix: Staleness = { policy: "mix" };
  const small = createState({ mean: [1], sigma: 1, populationSize: 2 });
  const [asked, [first]] = ask(small, new Random(1), 1);
  const result = { ...first!, fitness: 1 };
  let state = tellOne(asked, result, mix);
  state = delayed(state, sphere, mix, 1, 100, new Random(2));
  assertThrows(() => tellOne(state, result, mix), RangeError, "told once");
  state = delayed(state, sphere, mix, 1, 500, new Random(3));
  assert(state.told.length <= 402, `${state.told.length} ids are kept`);
  assertEquals(tellOne(state, result, mix).dropped, 1);
  assertAlmostEquals(state.mean[0]!, 0, 1e-3);
});

for (const [name, staleness] of Object.entries(policies)) {
  Deno.test(`${name}: many populations under evaluation at once neither diverge nor collapse`, () => {
    const state = delayed(start, ellipsoid, staleness, 260, 16_000, new Random(1));
    assert(state.best!.fitness < 1, `reached ${state.best!.fitness}`);
    assert(state.sigma < 5, `sigma is ${state.sigma}`);
  });
}

Deno.test("a search of 128 populations at once arrives", () => {
  const small = createState({ mean: [1, 1], sigma: 0.5 });
  const state = delayed(small, sphere, { policy: "mix" }, 6 * 128, 10_000, new Random(1));
  assert(state.best!.fitness < 1e-3, `reached ${state.best!.fitness}`);
});

Deno.test("an update takes a quarter of what is under evaluation, and a population at least", () => {
  const sizes = (workers: number) => {
    let state = start;
    const random = new Random(1);
    const busy: Candidate[] = [];
    const updates: number[] = [];
    for (let last = 0; updates.length < 60;) {
      while (busy.length < workers) {
        const [asked, [candidate]] = ask(state, random, 1);
        state = asked;
        busy.push(candidate!);
      }
      const before = state.version;
      const done = busy.shift()!;
      state = tellOne(state, { ...done, fitness: sphere(done.x) }, { policy: "mix" });
      if (state.version === before) continue;
      updates.push(state.evaluations - last);
      last = state.evaluations;
    }
    return updates;
  };
  assertEquals(new Set(sizes(40)), new Set([10]));
  assertEquals([sizes(100).at(-1), sizes(401).at(-1)], [24, 100]);
});

Deno.test("one straggler does not hold an update back", () => {
  const [asked, [late]] = ask(start, new Random(1), 1);
  const state = delayed(asked, sphere, { policy: "mix" }, 1, 1995, new Random(2));
  assertEquals(state.waiting.length, 5);
  const told = tellOne(state, { ...late!, fitness: 1 }, { policy: "mix" });
  const next = delayed(told, sphere, { policy: "mix" }, 1, 2000, new Random(3));
  assertEquals([next.version, next.waiting.length], [state.version + 1, 0]);
});

Deno.test("results from before candidates said how much was told are taken a population at a time", () => {
  let state = start;
  const [asked, old] = ask(state, new Random(1), 400);
  state = asked;
  for (const { toldBefore: _, ...one } of old) {
    state = tellOne(state, { ...one, fitness: sphere(one.x) }, { policy: "mix" });
  }
  assertEquals([state.version, state.parameters], [40, start.parameters]);
});
