/**
 * What the handling of integers is worth: the same search with it and without it.
 *
 *     deno run bench/evolution_handling.ts > bench/results/evolution_handling.txt
 *
 * Two thirds of the coordinates decode to one of 28 pixels, in the box [0, 1]^N; median evaluations of
 * 15 seeds until all pixels are right and the rest is within 1e-8, runs that got there within 60,000.
 */
import { ask, createState, deriveSeed, Random, tell } from "../evolution/mod.ts";

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
