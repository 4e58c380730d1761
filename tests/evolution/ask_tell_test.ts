import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  ask,
  createState,
  diagnostics,
  inject,
  Random,
  type Result,
  shouldStop,
  tell,
} from "../../evolution/mod.ts";
import { ellipsoid, evaluated, evolved, sphere } from "./objectives.ts";

const start = createState({ mean: [1, 2, 3, 4], sigma: 0.5 });
const [asked, candidates] = ask(start, new Random(7));
const results = evaluated(candidates, sphere);

Deno.test("the order in which results arrive changes nothing, not even with equal fitness", () => {
  const tied = results.map((result, i) => ({ ...result, fitness: Math.floor(i / 3) }));
  for (const told of [results, tied]) {
    const expected = tell(asked, told);
    assertEquals(tell(asked, told.toReversed()), expected);
    assertEquals(tell(asked, told.toSorted((a, b) => b.fitness - a.fitness)), expected);
  }
});

Deno.test("the same random numbers give the same candidates, in one call or in several", () => {
  const random = new Random(7);
  const [more, first] = ask(start, random, 3);
  const [, rest] = ask(more, random, 5);
  assertEquals([...first, ...rest], candidates);
  assertNotEquals(ask(start, new Random(8))[1], candidates);
});

Deno.test("candidates have the mean and the deviations of the distribution", () => {
  const state = createState({ mean: [1, -1], sigma: 2, scales: [1, 3] });
  const [, drawn] = ask(state, new Random(1), 20_000);
  for (const i of [0, 1]) {
    const average = drawn.reduce((sum, { x }) => sum + x[i]!, 0) / drawn.length;
    const variance = drawn.reduce((sum, { x }) => sum + (x[i]! - average) ** 2, 0) / drawn.length;
    assertAlmostEquals(average, [1, -1][i]!, 0.1);
    assertAlmostEquals(Math.sqrt(variance), [2, 6][i]!, 0.1);
  }
});

Deno.test("functions with a condition of a million are solved, full and separable", () => {
  for (const variant of ["full", "separable"] as const) {
    const state = createState({ mean: new Array(8).fill(1), sigma: 1, variant });
    const { best } = evolved(state, ellipsoid, 400, new Random(2));
    assert(best!.fitness < 1e-9, `${variant}: ${best!.fitness}`);
  }
});

Deno.test("the separable variant needs fewer evaluations where the axes are the coordinates", () => {
  const generations = (variant: "full" | "separable") => {
    let state = createState({ mean: new Array(20).fill(1), sigma: 1, variant });
    const random = new Random(2);
    while ((state.best?.fitness ?? 1) > 1e-6) state = evolved(state, ellipsoid, 1, random);
    return state.version;
  };
  assert(2 * generations("separable") < generations("full"));
});

Deno.test("negative weights speed up the ellipsoid", () => {
  const generations = (active: boolean) => {
    let total = 0;
    for (let seed = 0; seed < 5; seed++) {
      let state = createState({ mean: new Array(10).fill(1), sigma: 1, active });
      const random = new Random(seed);
      while ((state.best?.fitness ?? 1) > 1e-6) state = evolved(state, ellipsoid, 1, random);
      total += state.version;
    }
    return total;
  };
  assert(generations(true) < 0.9 * generations(false));
});

Deno.test("one coordinate is enough", () => {
  const state = createState({ mean: [3], sigma: 1 });
  assert(evolved(state, sphere, 100, new Random(1)).best!.fitness < 1e-9);
});

Deno.test("failed evaluations rank last, are counted, and are never the best", () => {
  const failing = results.map((result, i) => ({
    ...result,
    fitness: [NaN, Infinity, -Infinity][i] ?? result.fitness,
  }));
  const worst = results.map((result, i) => ({
    ...result,
    fitness: i < 3 ? 1e6 : result.fitness,
  }));
  const told = tell(asked, failing);
  assertEquals(told.mean, tell(asked, worst).mean);
  assertEquals(told.covariance, tell(asked, worst).covariance);
  assertEquals(diagnostics(told).failures, 3);
  assertEquals(told.evaluations, results.length);
  assertEquals(told.best!.fitness, Math.min(...results.slice(3).map(({ fitness }) => fitness)));
});

Deno.test("a generation of failures leaves the distribution as it was", () => {
  const told = tell(asked, results.map((result) => ({ ...result, fitness: NaN })));
  assertEquals([told.mean, told.sigma, told.covariance, told.best], [
    start.mean,
    start.sigma,
    start.covariance,
    null,
  ]);
  assertEquals([told.version, told.evaluations, told.failures], [1, 8, 8]);
});

Deno.test("results that cannot be of this generation are refused", () => {
  const change = (wrong: Partial<Result>) => [{ ...results[0]!, ...wrong }, ...results.slice(1)];
  const cases: [readonly Result[], ErrorConstructor, string][] = [
    [results.slice(1), RangeError, "a generation has 8 of them, received 7"],
    [change({ x: [1, 2] }), TypeError, "x must have 4 coordinates, received 2"],
    [change({ unbounded: [1, 2, 3, NaN] }), RangeError, "unbounded must hold finite numbers"],
    [change(results[1]!), RangeError, "every candidate may be told once, received id 1 "],
    [change({ id: 99 }), RangeError, "the candidate must be one that was asked, received id 99"],
    [change({ id: 8, index: 8 }), RangeError, "must be one that was asked, received id 8"],
    [change({ id: 2 ** 20, version: 1 }), RangeError, "must be one that was asked"],
  ];
  for (const [wrong, kind, message] of cases) {
    assertThrows(() => tell(asked, wrong), kind, message);
  }
  const next = tell(asked, results);
  assertThrows(() => tell(next, results), RangeError, "candidates must be of version 1");
});

Deno.test("a count that is no positive integer is refused", () => {
  for (const count of [0, -1, 1.5, NaN]) {
    assertThrows(() => ask(start, new Random(1), count), RangeError, `received ${count}`);
  }
  assertThrows(() => ask(start, new Random(1), 2 ** 20 + 1), RangeError, "at most 1048576");
});

Deno.test("a fitness that drives the search to infinity ends it with a reason, not with NaN", () => {
  let state = createState({ mean: [1, 1], sigma: 1e150 });
  const random = new Random(1);
  for (let i = 0; i < 3000 && !state.overflowed; i++) {
    const [asked, candidates] = ask(state, random);
    const away = evaluated(candidates, (x) => -Math.abs(x[0]! / 1e150) - Math.abs(x[1]! / 1e150));
    state = tell(asked, away);
    assert(state.mean.every(Number.isFinite) && Number.isFinite(state.sigma));
    if (shouldStop(state).tolfacupx !== undefined) break;
  }
  const { tolfacupx, overflow } = shouldStop(state);
  assert(tolfacupx !== undefined || overflow !== undefined);
});

Deno.test("an update that overflows is left out", () => {
  const huge = createState({ mean: [1e308, 1e308], sigma: 1e297 });
  const [asked, candidates] = ask(huge, new Random(1));
  const told = tell(
    asked,
    candidates.map((one, i) => ({
      ...one,
      unbounded: [1e308, -1e308],
      step: [1e200, -1e200],
      fitness: i,
    })),
  );
  assertEquals([told.mean, told.sigma], [huge.mean, huge.sigma]);
  assertEquals(shouldStop(told).overflow, 1);
});

Deno.test("injected points join a generation; far ones are brought nearer", () => {
  const [one, near] = inject(start, [[1.1, 2, 3, 4]]);
  assertEquals(near[0]!.x, [1.1, 2, 3, 4]);
  const [two, far] = inject(one, [[100, 2, 3, 4]]);
  const longest = 0.5 * (Math.sqrt(4) + 8 / 6);
  assertAlmostEquals(far[0]!.x[0]!, 1 + longest, 1e-12);
  assertEquals(far[0]!.index, 1);
  const [all, rest] = ask(two, new Random(1), 6);
  assertEquals(tell(all, evaluated([...near, ...far, ...rest], sphere)).version, 1);
  const [, exact] = inject(start, [[100, 2, 3, 4]], { limitLength: false });
  assertEquals(exact[0]!.x, [100, 2, 3, 4]);
});

Deno.test("points that cannot be injected are refused", () => {
  const boxed = createState({ mean: [0.5, 0.5], sigma: 0.1, bounds: { lower: 0, upper: 1 } });
  assertThrows(() => inject(boxed, [[1]]), TypeError, "must have 2 coordinates, received 1");
  assertThrows(() => inject(boxed, [[0, 1.5]]), RangeError, "received 1.5 at coordinate 1");
  assertThrows(() => inject(start, [[0, 0, NaN, 0]]), RangeError, "received NaN at coordinate 2");
  const narrow = createState({ mean: [0, 0], sigma: 1e-200 });
  assertThrows(() => inject(narrow, [[0, 1]]), RangeError, "must be a finite number, received");
});
