import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  ask,
  chooseReevaluations,
  createNoise,
  createState,
  evaluationSeed,
  evaluationsPerCandidate,
  measured,
  type Noise,
  Random,
  tell,
  tellOne,
  widened,
} from "../../evolution/mod.ts";
import { evaluated, sphere } from "./objectives.ts";

const population = Array.from({ length: 20 }, (_, i) => i * i);

/** What is known after many second evaluations with noise of the given deviation. */
function learned(deviation: number, maxRepeats: number): Noise {
  const random = new Random(1);
  let noise = createNoise(maxRepeats);
  for (let i = 0; i < 60; i++) {
    const pairs = [0, 1].map(() => {
      const first = population[random.integer(20)]!;
      return { first, second: first + deviation * random.normal() };
    });
    noise = measured(noise, population, pairs);
  }
  return noise;
}

Deno.test("without noise every candidate is evaluated once", () => {
  const noise = learned(0, 10);
  assert(noise.signal < 0);
  assertEquals(evaluationsPerCandidate(noise), 1);
});

Deno.test("noise that exchanges the ranks raises the number of evaluations, up to its limit", () => {
  const noise = learned(1e4, 10);
  assert(noise.signal > 0);
  assertEquals(evaluationsPerCandidate(noise), 10);
});

Deno.test("the number of evaluations falls again when the noise is gone", () => {
  let noise: Noise = { ...createNoise(10), repeats: 10 };
  for (let i = 0; i < 40; i++) {
    noise = measured(noise, population, [{ first: 100, second: 100 }]);
  }
  assertEquals(evaluationsPerCandidate(noise), 1);
  assertEquals(measured(noise, population, []), noise);
});

Deno.test("the step size grows only where more evaluations are not allowed", () => {
  const state = createState({ mean: [1, 1], sigma: 1 });
  assertAlmostEquals(widened(state, { ...learned(1e4, 1) }).sigma, 1 + 2 / 12);
  assertEquals(widened(state, { repeats: 5, maxRepeats: 10, signal: 1 }), state);
  assertEquals(widened(state, learned(0, 1)), state);
});

Deno.test("about a tenth of the candidates, and at least two of a small population, come again", () => {
  const [, candidates] = ask(createState({ mean: [1], sigma: 1 }), new Random(1), 30);
  const results = evaluated(candidates, sphere);
  const random = new Random(2);
  assertEquals(chooseReevaluations(results, 30, random).length, 3);
  assertEquals(chooseReevaluations(results.slice(0, 8), 8, random).length, 2);
  // one by one, in asynchronous mode
  let count = 0;
  for (let i = 0; i < 3000; i++) count += chooseReevaluations([results[0]!], 10, random).length;
  assertAlmostEquals(count / 3000, 0.2, 0.03);
});

Deno.test("on a noisy sphere the handling comes nearer with the same number of evaluations", () => {
  const distance = (handled: boolean, seed: number) => {
    const [random, noisy, choose] = [1, 2, 3].map((part) => new Random(100 * seed + part));
    let state = createState({ mean: new Array(10).fill(2), sigma: 1 });
    let noise = createNoise(30);
    for (let evaluations = 0; evaluations < 10_000;) {
      const repeats = handled ? evaluationsPerCandidate(noise) : 1;
      const fitness = (x: readonly number[]) => {
        evaluations += repeats;
        return sphere(x) + noisy!.normal() / Math.sqrt(repeats); // the mean of so many
      };
      const [asked, candidates] = ask(state, random!);
      const results = evaluated(candidates, fitness);
      if (!handled) {
        state = tell(asked, results);
        continue;
      }
      const pairs = chooseReevaluations(results, results.length, choose!)
        .map((result) => ({ first: result.fitness, second: fitness(result.x) }));
      noise = measured(noise, results.map((result) => result.fitness), pairs);
      state = widened(tell(asked, results), noise);
    }
    return sphere(state.mean);
  };
  const seeds = [1, 2, 3, 4, 5];
  const median = (handled: boolean) => seeds.map((seed) => distance(handled, seed)).toSorted()[2]!;
  assert(median(true) < 0.7 * median(false));
});

Deno.test("results that come one at a time are handled by the same functions", () => {
  const [random, noisy, choose] = [1, 2, 3].map((seed) => new Random(seed));
  let state = createState({ mean: new Array(10).fill(2), sigma: 1 });
  let noise = createNoise(30);
  let recent: number[] = [];
  for (let i = 0; i < 1500; i++) {
    const [asked, [candidate]] = ask(state, random!, 1);
    const spread = 1 / Math.sqrt(evaluationsPerCandidate(noise));
    const [first, second] = [0, 1].map(() => sphere(candidate!.x) + spread * noisy!.normal());
    const result = { ...candidate!, fitness: first! };
    recent = [...recent, first!].slice(-state.parameters.populationSize);
    const again = chooseReevaluations([result], state.parameters.populationSize, choose!);
    noise = measured(noise, recent, again.map(() => ({ first: first!, second: second! })));
    state = tellOne(asked, result, { policy: "mix" });
  }
  assert(evaluationsPerCandidate(noise) > 10);
  assert(sphere(state.mean) < 1);
});

Deno.test("evaluation seeds name the run, the candidate and the repetition", () => {
  const one = { version: 3, index: 5 };
  assertEquals(evaluationSeed(7, one), evaluationSeed(7, one, { repeat: 0 }));
  const others = [
    evaluationSeed(8, one),
    evaluationSeed(7, { version: 4, index: 5 }),
    evaluationSeed(7, { version: 3, index: 6 }),
    evaluationSeed(7, one, { repeat: 1 }),
  ];
  for (const other of others) assertNotEquals(other, evaluationSeed(7, one));
});

Deno.test("common random numbers are shared by a version and by nothing else", () => {
  const common = { common: true };
  const one = { version: 3, index: 5 };
  assertEquals(
    evaluationSeed(7, one, common),
    evaluationSeed(7, { version: 3, index: 0 }, common),
  );
  assertNotEquals(
    evaluationSeed(7, one, common),
    evaluationSeed(7, { version: 4, index: 5 }, common),
  );
  assertNotEquals(evaluationSeed(7, one, common), evaluationSeed(7, one, { ...common, repeat: 1 }));
});

Deno.test("a limit below one evaluation is refused", () => {
  for (const limit of [0, NaN, Infinity]) {
    assertThrows(() => createNoise(limit), RangeError, `received ${limit}`);
  }
});
