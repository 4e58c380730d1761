/**
 * Evaluations that small populations need to a target, with mirror images and without.
 *
 *     deno run bench/evolution_mirrors.ts > bench/results/evolution_mirrors.txt
 *
 * The mean starts uniform in [-1, 3]^N, sigma 1, until 1e-9 or 200,000 evaluations. Medians of 15
 * seeds, and the runs that got there.
 */
import { ask, createState, deriveSeed, Random, shouldStop, tell } from "../evolution/mod.ts";
import { functions } from "./evolution_functions.ts";

const SEEDS = 15;

function evaluationsToTarget(
  objective: (x: readonly number[]) => number,
  n: number,
  populationSize: number,
  mirrors: boolean,
  seed: number,
): number | null {
  const random = new Random(deriveSeed(seed, n));
  const mean = Array.from({ length: n }, () => 4 * random.uniform() - 1);
  let state = createState({ mean, sigma: 1, populationSize, mirrors });
  for (;;) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, candidates.map((one) => ({ ...one, fitness: objective(one.x) })));
    const reasons = shouldStop(state, { ftarget: 1e-9, maxfevals: 200_000 });
    if (reasons.ftarget !== undefined) return state.evaluations;
    const { maxfevals, tolx, tolconditioncov, overflow } = reasons;
    if ([maxfevals, tolx, tolconditioncov, overflow].some((met) => met !== undefined)) return null;
  }
}

console.log("deno run bench/evolution_mirrors.ts\n");
console.log("lambda  function      N        without       mirrored  ratio");
for (const populationSize of [2, 3, 4]) {
  for (const n of [5, 10]) {
    for (const name of ["sphere", "ellipsoid", "rosenbrock"]) {
      const [without, mirrored] = [false, true].map((mirrors) =>
        Array.from(
          { length: SEEDS },
          (_, seed) => evaluationsToTarget(functions[name]!, n, populationSize, mirrors, seed),
        ).filter((count) => count !== null).sort((a, b) => a - b)
      );
      const median = (counts: readonly number[]) => counts[counts.length >> 1] ?? NaN;
      const cell = (counts: readonly number[]) =>
        `${median(counts)} ${counts.length}/${SEEDS}`.padStart(15);
      console.log(
        String(populationSize).padStart(6) + `  ${name.padEnd(10)}` + String(n).padStart(5) +
          cell(without!) + cell(mirrored!) +
          (median(mirrored!) / median(without!)).toFixed(2).padStart(7),
      );
    }
  }
}
