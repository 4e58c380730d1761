/**
 * Time of one ask + tell, next to pycma's.
 *
 *     deno run --allow-read=tests/golden bench/evolution_speed.ts
 *
 * A flat ellipsoid keeps the matrix changing, so that the eigendecompositions are those of a real
 * search. The mean includes them; the median of a large N does not, because they come only every few
 * generations. pycma's times are the stored ones, taken on another machine with two cores.
 */
import { ask, createState, Random, tell } from "../evolution/mod.ts";

interface Time {
  readonly N: number;
  readonly popsize: number;
  readonly median_ms: number;
  readonly mean_ms: number;
}

const golden = new URL("../tests/golden/pycma_evaluations.json", import.meta.url);
const stored = JSON.parse(Deno.readTextFileSync(golden));
const peers = stored.ask_tell_times_on_one_2_core_machine as readonly Time[];

console.log("                   ours, ms            pycma, ms      ratio ours / pycma");
console.log("   N  lambda   median    mean     median    mean     median    mean");
for (const { N, popsize, median_ms, mean_ms } of peers) {
  const generations = N <= 100 ? 600 : 120;
  const random = new Random(N);
  let state = createState({ mean: new Array(N).fill(1), sigma: 0.5, populationSize: popsize });
  const times: number[] = [];
  for (let generation = 0; generation < generations; generation++) {
    const start = performance.now();
    const [asked, candidates] = ask(state, random);
    const drawn = performance.now();
    const results = candidates.map((one) => ({
      ...one,
      fitness: one.x.reduce((sum, value, i) => sum + (1 + i) * value * value, 0),
    }));
    const evaluated = performance.now();
    state = tell(asked, results);
    times.push(performance.now() - evaluated + drawn - start);
  }
  const warm = times.slice(generations / 10).toSorted((a, b) => a - b);
  const median = warm[warm.length >> 1]!;
  const mean = warm.reduce((sum, time) => sum + time) / warm.length;
  const row = [median, mean, median_ms, mean_ms, median / median_ms, mean / mean_ms];
  console.log(
    String(N).padStart(4) + String(popsize).padStart(8) +
      row.map((value, i) => value.toFixed(2).padStart(i % 2 === 0 ? 9 : 8)).join(""),
  );
}
