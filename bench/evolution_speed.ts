/**
 * CPU time of one ask + tell, next to pycma's.
 *
 *     deno run --allow-read=tests/golden --allow-run=python3 bench/evolution_speed.ts \
 *       > bench/results/evolution_speed.txt
 *
 * The fitness is an ellipsoid, so that the covariance matrix has something to learn. The mean
 * includes the eigendecompositions; the median of a large N does not, because they come only every
 * few generations. Where Python has pycma it runs in turns with ours, on one thread like ours; the
 * stored times are wall-clock times of another machine with two cores.
 */
import process from "node:process";
import { ask, createState, Random, tell } from "../evolution/mod.ts";

interface PeerTime {
  readonly N: number;
  readonly popsize: number;
  readonly median_ms: number;
  readonly mean_ms: number;
}

/** Median and mean of the milliseconds of one ask + tell. */
type Times = readonly [number, number];

const TURNS = 3;

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** As many generations as hold several eigendecompositions. */
const generationsOf = (n: number) => n <= 100 ? 600 : 240;

function measure(n: number, populationSize: number, variant: "full" | "separable"): Times {
  const generations = generationsOf(n);
  const random = new Random(n);
  const mean = new Array<number>(n).fill(1);
  let state = createState({ mean, sigma: 0.5, populationSize, variant });
  const times: number[] = [];
  for (let generation = 0; generation < generations; generation++) {
    const start = cpuMilliseconds();
    const [asked, candidates] = ask(state, random);
    const drawn = cpuMilliseconds();
    const results = candidates.map((one) => ({
      ...one,
      fitness: one.x.reduce((sum, value, i) => sum + (1 + i) * value * value, 0),
    }));
    const evaluated = cpuMilliseconds();
    state = tell(asked, results);
    times.push(cpuMilliseconds() - evaluated + drawn - start);
  }
  const warm = times.slice(generations / 10);
  return [median(warm), warm.reduce((sum, time) => sum + time) / warm.length];
}

/** The same of pycma, or `null` where it is not installed; its versions are noted. */
function measurePeer(n: number, populationSize: number): Times | null {
  const peer = new URL("peers/pycma_speed.py", import.meta.url).pathname;
  const { success, stdout } = new Deno.Command("python3", {
    args: [peer, ...[n, populationSize, generationsOf(n)].map(String)],
    env: { OPENBLAS_NUM_THREADS: "1" },
    stderr: "null",
  }).outputSync();
  if (!success) return null;
  const [middle, mean, ...rest] = new TextDecoder().decode(stdout).trim().split(" ");
  versions = `pycma ${rest[0]}, numpy ${rest[1]}`;
  return [Number(middle), Number(mean)];
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const middle = (turns: readonly Times[]): Times => [
  median(turns.map(([one]) => one)),
  median(turns.map(([, mean]) => mean)),
];
const format = (values: readonly number[]) =>
  values.map((value, i) =>
    (Number.isNaN(value) ? "-" : value.toFixed(2)).padStart(i % 2 === 0 ? 10 : 8)
  ).join("");

const golden = new URL("../tests/golden/pycma_evaluations.json", import.meta.url);
const stored = JSON.parse(Deno.readTextFileSync(golden))
  .ask_tell_times_on_one_2_core_machine as readonly PeerTime[];
const sizes = [[30, 14], [100, 17], [300, 21], [500, 22], [1000, 24]] as const;
let versions = "pycma is not installed here";

console.log(
  "deno run --allow-read=tests/golden --allow-run=python3 bench/evolution_speed.ts\n\n" +
    `Milliseconds for one ask and one tell, medians of ${TURNS} turns.\n\n` +
    "                      ours            pycma here      ours / pycma      pycma stored" +
    "         separable\n" +
    `    N  lambda${"    median    mean".repeat(5)}`,
);
for (const [n, lambda] of sizes) {
  const [ours, peers, separable]: [Times[], Times[], Times[]] = [[], [], []];
  for (let turn = 0; turn < TURNS; turn++) {
    ours.push(measure(n, lambda, "full"));
    const peer = measurePeer(n, lambda);
    if (peer !== null) peers.push(peer);
    separable.push(measure(n, lambda, "separable"));
  }
  const own = middle(ours);
  const peer: Times = peers.length === 0 ? [NaN, NaN] : middle(peers);
  const old = stored.find(({ N }) => N === n);
  console.log(
    String(n).padStart(5) + String(lambda).padStart(8) + format([
      ...own,
      ...peer,
      ...[own[0] / peer[0], own[1] / peer[1]],
      ...[old?.median_ms ?? NaN, old?.mean_ms ?? NaN],
      ...middle(separable),
    ]),
  );
}
console.log(`\n${versions}`);
