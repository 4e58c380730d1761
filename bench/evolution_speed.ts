/**
 * Time of one ask + tell, next to pycma's.
 *
 *     deno run --allow-read=tests/golden bench/evolution_speed.ts > bench/results/evolution_speed.txt
 *
 * The fitness is an ellipsoid, so that the covariance matrix has something to learn. The mean
 * includes the eigendecompositions; the median of a large N does not, because they come only every
 * few generations. pycma's times are stored ones, taken on another machine with two cores.
 */
import { ask, createState, Random, tell } from "../evolution/mod.ts";

interface PeerTime {
  readonly N: number;
  readonly popsize: number;
  readonly median_ms: number;
  readonly mean_ms: number;
}

/** Median and mean milliseconds of one ask + tell. */
function measure(n: number, populationSize: number, variant: "full" | "separable") {
  const generations = n <= 100 ? 600 : 120;
  const random = new Random(n);
  const mean = new Array<number>(n).fill(1);
  let state = createState({ mean, sigma: 0.5, populationSize, variant });
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
  return [warm[warm.length >> 1]!, warm.reduce((sum, time) => sum + time) / warm.length] as const;
}

const golden = new URL("../tests/golden/pycma_evaluations.json", import.meta.url);
const stored = JSON.parse(Deno.readTextFileSync(golden));
const peers = stored.ask_tell_times_on_one_2_core_machine as readonly PeerTime[];
const format = (values: readonly number[]) =>
  values.map((value, i) => value.toFixed(2).padStart(i % 2 === 0 ? 10 : 8)).join("");

console.log("deno run --allow-read=tests/golden bench/evolution_speed.ts\n");
console.log("                      ours, ms          pycma, ms     ours / pycma  separable, ms");
console.log(
  "    N  lambda    median    mean    median    mean    median    mean    median    mean",
);
for (const { N, popsize, median_ms, mean_ms } of peers) {
  const [median, mean] = measure(N, popsize, "full");
  const ratios = [median / median_ms, mean / mean_ms];
  console.log(
    String(N).padStart(5) + String(popsize).padStart(8) +
      format([median, mean, median_ms, mean_ms, ...ratios, ...measure(N, popsize, "separable")]),
  );
}
