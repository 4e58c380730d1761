/**
 * What a search costs besides the evaluations:
 *
 *     deno run --allow-read --allow-write --allow-env bench/search.ts
 *
 * 1. Candidates per second when an evaluation costs nothing, with 64 actors in memory.
 * 2. Utilisation of the slots when evaluations take uneven times (lognormal, sigma 1), on a virtual
 *    clock: sync waits for the slowest of each generation, async does not.
 *
 * @module
 */
import type { FitnessTerm } from "../actors/population/fitness.ts";
import { Journal, readJournal } from "../actors/record/journal.ts";
import { runPopulation } from "../actors/population/population.ts";
import { SearchProgress } from "../actors/population/search_progress.ts";
import { cmaEs } from "../strategies/cma_es.ts";
import { simulate } from "../simulation/mod.ts";
import { Tables } from "../actors/record/tables.ts";

const SLOTS = 64;
const POPULATION = 100;

/** Run a search in which an evaluation costs nothing, and say how many there were. */
async function run(): Promise<number> {
  const directory = await Deno.makeTempDir();
  const progress = new SearchProgress({
    mean: new Array<number>(30).fill(0.5),
    bounds: { lower: new Array<number>(30).fill(0), upper: new Array<number>(30).fill(1) },
    sigma: 0.3,
    populationSize: POPULATION,
    generations: 10,
    strategy: cmaEs,
    mode: "sync",
    staleness: { policy: "mix" },
    finalists: 1,
    finalistRepeats: 0,
    seed: 1,
  });
  let evaluations = 0;
  {
    const path = `${directory}/journal.jsonl`;
    using tables = new Tables(directory, POPULATION);
    await using journal = await Journal.open(path, await readJournal(path));
    const terms: FitnessTerm[] = [{
      part: "measure",
      module: new URL("./search_no_op.ts", import.meta.url),
      init: {},
      score: "value",
      weight: -1,
    }];
    await runPopulation({
      progress,
      seed: 1,
      mode: "sync",
      strategy: cmaEs,
      terms,
      devices: new Array<string>(SLOTS).fill("cpu"),
      placement: { kind: "memory" },
      maxAttempts: 1,
      leaseMs: Infinity,
      journal,
      tables,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type === "Evaluated") evaluations++;
      },
      onLost: (actor, reason) => {
        if (reason.includes("shutdown")) return; // the search is over, and evaluations are not
        throw new Error(`${actor} was lost: ${reason}`);
      },
    });
  }
  await Deno.remove(directory, { recursive: true });
  return evaluations;
}

const rates: number[] = [];
for (let round = 0; round < 7; round++) {
  const startedAt = performance.now();
  const evaluations = await run();
  rates.push((1000 * evaluations) / (performance.now() - startedAt));
}
rates.sort((a, b) => a - b);
console.log(
  `no-op search, 1,000 candidates, 64 actors in memory: median ${rates[3]!.toFixed(0)} ` +
    `candidates/s (${rates[0]!.toFixed(0)} to ${rates[6]!.toFixed(0)})`,
);

console.log("\nutilisation of 64 slots, lognormal evaluation times (sigma 1), virtual clock");
for (const mode of ["sync", "async"] as const) {
  const { utilization, attempts } = await simulate({
    mode,
    trainers: ["64"],
    population: 64,
    generations: 100,
    cost: "lognormal:60s,1",
    finalistRepeats: 0,
  }).result;
  console.log(
    `  ${mode.padEnd(5)} ${(100 * utilization!).toFixed(1)} %  of ${attempts} evaluations`,
  );
}
