import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  ask,
  covarianceMatrix,
  createState,
  deriveSeed,
  Random,
  type State,
  type StateOptions,
  tell,
  tellOne,
} from "../../evolution/mod.ts";
import { ellipsoid, evaluated, evolved, sphere } from "./objectives.ts";

const mean = [1, 2, 3];
const small: StateOptions = { mean, sigma: 0.5, populationSize: 4 };

/** One generation, and the candidates of the next. */
function twoGenerations(options: StateOptions, objective = sphere) {
  const random = new Random(1);
  const [asked, first] = ask(createState(options), random);
  const results = evaluated(first, objective).toSorted((a, b) => a.fitness - b.fitness);
  const state = tell(asked, results);
  const [after, second] = ask(state, random);
  return { before: asked, state, after, worst: results.at(-1)!, second };
}

Deno.test("a small population begins with the opposite of the worst candidate before it", () => {
  const { state, after, worst, second } = twoGenerations(small);
  const away = second[0]!.unbounded.map((value, i) => value - state.mean[i]!);
  const opposite = worst.unbounded.map((value, i) => mean[i]! - value);
  const factors = away.map((value, i) => value / opposite[i]!);
  for (const factor of factors) assertAlmostEquals(factor, factors[0]!, 1e-12);
  assert(factors[0]! > 0);
  assertEquals(second.map(({ mirrored }) => mirrored), [true, undefined, undefined, undefined]);
  assertEquals([after.mirror, ask(after, new Random(2))[1][0]!.mirrored], [null, undefined]);
});

Deno.test("a mirror image keeps its length, and a long one gets the length of a drawn step", () => {
  const lengthOf = (mirror: readonly number[]) => {
    const state: State = { ...createState(small), mirror };
    const [, [image]] = ask(state, new Random(3));
    assertAlmostEquals(image!.squaredLength, sphere(image!.step), 1e-9);
    return Math.sqrt(image!.squaredLength);
  };
  assertAlmostEquals(lengthOf([0.1, -0.2, 0]), Math.sqrt(0.05) / 0.5, 1e-12);
  const [, [drawn]] = ask(createState(small), new Random(3));
  assertAlmostEquals(lengthOf([10, -20, 5]), Math.sqrt(drawn!.squaredLength), 1e-12);
});

Deno.test("a mirror image is not mirrored back, and teaches no lengths by being bad", () => {
  const state: State = { ...createState(small), mirror: [0.1, 0.2, 0.3] };
  const [asked, candidates] = ask(state, new Random(1));
  const fitness = [9, 1, 2, 3];
  const after = tell(asked, candidates.map((one, i) => ({ ...one, fitness: fitness[i]! })));
  assertEquals(after.mirror, null);
  const plain = candidates.map(({ mirrored: _, ...one }, i) => ({ ...one, fitness: fitness[i]! }));
  const taught = tell(asked, plain);
  assert(taught.mirror !== null);
  assertEquals(after.mean, taught.mean);
  assert(covarianceMatrix(after)[0]![0] !== covarianceMatrix(taught)[0]![0]);
});

Deno.test("larger populations, purecma's constants and those who want none have no mirrors", () => {
  const others: Partial<StateOptions>[] = [
    { populationSize: 5 },
    { constants: "purecma" },
    { mirrors: false },
  ];
  for (const other of others) {
    const { state, second } = twoGenerations({ ...small, ...other });
    assertEquals([state.mirror, state.parameters.mirrors], [undefined, undefined]);
    assert(second.every(({ mirrored }) => mirrored === undefined));
  }
  assertEquals(createState({ ...small, mirrors: false }).parameters.damping > 1, true);
});

Deno.test("a state from before there were mirrors goes on without them", () => {
  const { mirror: _, ...state } = createState({ ...small, mirrors: false });
  assertEquals(
    evolved(state, sphere, 20, new Random(1)),
    evolved(createState({ ...small, mirrors: false }), sphere, 20, new Random(1)),
  );
});

Deno.test("nothing is mirrored where every candidate failed", () => {
  assertEquals(twoGenerations(small, () => NaN).state.mirror, null);
  const { state } = twoGenerations(small, (x) => x[0]! > 1 ? NaN : 1);
  assertEquals(state.mirror?.length, 3);
});

Deno.test("a state with a mirror survives JSON, in a box and with single results", () => {
  let state = createState({ ...small, mean: [0, 0, 0], bounds: { lower: 0, upper: 1 } });
  const random = new Random(1);
  for (let i = 0; i < 100; i++) {
    const [asked, [one]] = ask(state, random, 1);
    assertEquals(JSON.parse(JSON.stringify([asked, one])), [asked, one]);
    assert(one!.x.every((value) => value >= 0 && value <= 1));
    state = tellOne(asked, { ...one!, fitness: sphere(one!.x) }, { policy: "mix" });
    assertEquals(JSON.parse(JSON.stringify(state)), state);
  }
  assertEquals(state.version, 25);
});

Deno.test("mirrors save a twentieth of the evaluations of populations of 2 to 4, and up to a half", () => {
  const median = (populationSize: number, mirrors: boolean, objective: typeof sphere) => {
    const counts = [1, 2, 3, 4, 5, 6, 7].map((seed) => {
      const random = new Random(deriveSeed(seed, populationSize));
      const start = Array.from({ length: 5 }, () => 4 * random.uniform() - 1);
      let state = createState({ mean: start, sigma: 1, populationSize, mirrors });
      while ((state.best?.fitness ?? 1) > 1e-9) state = evolved(state, objective, 1, random);
      return state.evaluations;
    });
    return counts.sort((a, b) => a - b)[3]!;
  };
  for (const populationSize of [2, 3, 4]) {
    for (const objective of [sphere, ellipsoid]) {
      const [plain, mirrored] = [false, true].map((mirrors) =>
        median(populationSize, mirrors, objective)
      );
      assert(mirrored! < 0.96 * plain!, `${populationSize}: ${mirrored} and without ${plain}`);
    }
  }
});
