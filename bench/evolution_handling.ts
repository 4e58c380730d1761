/**
 * What the handling of integers and of noise is worth: the same search with it and without it.
 *
 *     deno run bench/evolution_handling.ts > bench/results/evolution_handling.txt
 *
 * Integers: two thirds of the coordinates decode to one of 28 pixels, in the box [0, 1]^N; median
 * evaluations of 15 seeds until all pixels are right and the rest is within 1e-8, runs that got there
 * within 60,000. Noise: median true fitness of the mean after a budget of evaluations, 15 seeds.
 */
import {
  ask,
  chooseReevaluations,
  createNoise,
  createState,
  deriveSeed,
  evaluationsPerCandidate,
  measured,
  Random,
  tell,
  widened,
} from "../evolution/mod.ts";

const SEEDS = Array.from({ length: 15 }, (_, seed) => seed);
const HEIGHT = 28;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Evaluations until all pixels are found, or `null`. */
function pixelSearch(n: number, power: number, handled: boolean, seed: number): number | null {
  const random = new Random(deriveSeed(seed, n));
  const targets = Array.from({ length: n }, () => random.integer(HEIGHT));
  const pixel = (u: number) => Math.min(HEIGHT - 1, Math.floor(u * HEIGHT));
  const objective = (x: readonly number[]) =>
    x.reduce((sum, u, i) => {
      const error = i % 3 < 2 ? (pixel(u) - targets[i]!) / HEIGHT : u - 0.8;
      return sum + 10 ** (power * i / (n - 1)) * error * error;
    }, 0);
  let state = createState({
    mean: targets.map(() => random.uniform()),
    sigma: 0.3,
    bounds: { lower: 0, upper: 1 },
    ...(handled ? { integers: targets.map((_, i) => i % 3 < 2 ? 1 / HEIGHT : null) } : {}),
  });
  while (state.evaluations < 60_000 && !state.overflowed && state.sigma > 1e-30) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, candidates.map((one) => ({ ...one, fitness: objective(one.x) })));
    if (state.best!.fitness <= 1e-8) return state.evaluations;
  }
  return null;
}

/** True fitness of the mean after a number of noisy evaluations. */
function noisySearch(
  objective: (x: readonly number[]) => number,
  n: number,
  deviation: number,
  budget: number,
  maxRepeats: number | null,
  seed: number,
): number {
  const [random, noisy, choose] = [1, 2, 3].map((part) => new Random(deriveSeed(seed, n, part)));
  const mean = Array.from({ length: n }, () => 4 * random!.uniform() - 1);
  let state = createState({ mean, sigma: 1 });
  let noise = createNoise(maxRepeats ?? 1);
  for (let evaluations = 0; evaluations < budget;) {
    const repeats = evaluationsPerCandidate(noise);
    const fitness = (x: readonly number[]) => {
      evaluations += repeats;
      return objective(x) + deviation * noisy!.normal() / Math.sqrt(repeats);
    };
    const [asked, candidates] = ask(state, random!);
    const results = candidates.map((one) => ({ ...one, fitness: fitness(one.x) }));
    if (maxRepeats === null) {
      state = tell(asked, results);
      continue;
    }
    const again = chooseReevaluations(results, results.length, choose!)
      .map((result) => ({ id: result.id, first: result.fitness, second: fitness(result.x) }));
    noise = measured(noise, results.map((result) => result.fitness), again);
    const averaged = results.map((result) => {
      const twice = again.find(({ id }) => id === result.id);
      return twice ? { ...result, fitness: (twice.first + twice.second) / 2 } : result;
    });
    state = widened(tell(asked, averaged), noise);
  }
  return objective(state.mean);
}

console.log("deno run bench/evolution_handling.ts\n");
console.log("median evaluations until all pixels are right, and runs of 15 that got there\n");
console.log("integers                          N      handled     switched off");
for (const n of [12, 30]) {
  for (const [name, power] of [["sphere of pixels", 0], ["ellipsoid of pixels", 3]] as const) {
    const columns = [true, false].map((handled) => {
      const counts = SEEDS.map((seed) => pixelSearch(n, power, handled, seed));
      const reached = counts.filter((count) => count !== null);
      return `${reached.length === 0 ? "-" : median(reached)} ${reached.length}/${SEEDS.length}`;
    });
    console.log(
      name.padEnd(31) + String(n).padStart(4) + columns.map((c) => c.padStart(14)).join(""),
    );
  }
}

const ellipsoid = (x: readonly number[]) =>
  x.reduce((sum, value, i) => sum + 10 ** (4 * i / (x.length - 1)) * value * value, 0);
const sphere = (x: readonly number[]) => x.reduce((sum, value) => sum + value * value, 0);

console.log("\nmedian true fitness of the mean after a budget of evaluations, 15 runs\n");
console.log(
  "noise of deviation 1       budget   N   switched off  sigma only  10 repeats  30 repeats",
);
for (const [name, objective] of [["sphere", sphere], ["ellipsoid, 1e4", ellipsoid]] as const) {
  for (const n of [10, 30]) {
    for (const budget of [2000, 20_000]) {
      const columns = [null, 1, 10, 30].map((maxRepeats) =>
        median(SEEDS.map((seed) => noisySearch(objective, n, 1, budget, maxRepeats, seed)))
      );
      console.log(
        name.padEnd(24) + String(budget).padStart(9) + String(n).padStart(4) + "   " +
          columns.map((value) => value.toPrecision(2).padStart(12)).join(""),
      );
    }
  }
}
