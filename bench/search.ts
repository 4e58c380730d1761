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
import { busyMs } from "../actors/population/recorder.ts";
import { type Clock, VirtualClock } from "../actors/runtime/mod.ts";
import { SearchProgress } from "../actors/population/search_progress.ts";
import { cmaEs } from "../strategies/cma_es.ts";
import { Tables } from "../actors/record/tables.ts";

interface Setting {
  readonly mode: "sync" | "async";
  readonly slots: number;
  readonly population: number;
  readonly generations: number;
  readonly module: string;
  readonly clock?: Clock;
  /** Gets what waits for the disk: no time passes on a virtual clock meanwhile. */
  readonly onJournal?: (journal: Journal) => void;
}

/** Run a search, and say how long its slots were busy until its last generation, in milliseconds. */
async function run(setting: Setting) {
  const { mode, slots, population, generations, module, clock, onJournal } = setting;
  const directory = await Deno.makeTempDir();
  const progress = new SearchProgress({
    mean: new Array<number>(30).fill(0.5),
    bounds: { lower: new Array<number>(30).fill(0), upper: new Array<number>(30).fill(1) },
    sigma: 0.3,
    populationSize: population,
    generations,
    strategy: cmaEs,
    mode,
    staleness: { policy: "mix" },
    finalists: 1,
    finalistRepeats: 0,
    seed: 1,
  });
  let busy = 0;
  let evaluations = 0;
  let untilLastGeneration = { busy: 0, evaluations: 0, at: 0 };
  {
    const path = `${directory}/journal.jsonl`;
    using tables = new Tables(directory, population);
    await using journal = await Journal.open(path, await readJournal(path));
    onJournal?.(journal);
    const terms: FitnessTerm[] = [{
      part: "measure",
      module: new URL(module, import.meta.url),
      init: {},
      score: "value",
      weight: -1,
    }];
    await runPopulation({
      progress,
      seed: 1,
      mode,
      strategy: cmaEs,
      terms,
      devices: new Array<string>(slots).fill("cpu"),
      placement: { kind: "memory" },
      maxAttempts: 1,
      leaseMs: Infinity,
      journal,
      tables,
      signal: new AbortController().signal,
      ...(clock && { clock }),
      onEvent: (event) => {
        if (event.type === "Evaluated") {
          busy += busyMs(event);
          evaluations++;
        } else {
          untilLastGeneration = { busy, evaluations, at: clock?.now() ?? performance.now() };
        }
      },
      onLost: (actor, reason) => {
        if (reason.includes("shutdown")) return; // the search is over, and evaluations are not
        throw new Error(`${actor} was lost: ${reason}`);
      },
    });
  }
  await Deno.remove(directory, { recursive: true });
  return untilLastGeneration;
}

const rates: number[] = [];
for (let round = 0; round < 7; round++) {
  const startedAt = performance.now();
  const { evaluations } = await run({
    mode: "sync",
    slots: 64,
    population: 100,
    generations: 10,
    module: "./search_no_op.ts",
  });
  rates.push((1000 * evaluations) / (performance.now() - startedAt));
}
rates.sort((a, b) => a - b);
console.log(
  `no-op search, 1,000 candidates, 64 actors in memory: median ${rates[3]!.toFixed(0)} ` +
    `candidates/s (${rates[0]!.toFixed(0)} to ${rates[6]!.toFixed(0)})`,
);

console.log("\nutilisation of 64 slots, lognormal evaluation times (sigma 1), virtual clock");
for (const mode of ["sync", "async"] as const) {
  const clock = new VirtualClock();
  let journal: Journal | undefined;
  const search = run({
    mode,
    slots: 64,
    population: 64,
    generations: 100,
    module: "./search_uneven.ts",
    clock,
    onJournal: (opened) => journal = opened,
  });
  let ended = false;
  search.finally(() => ended = true);
  // Time passes only when every actor waits for it, and what happened is on the disk.
  while (!ended) {
    await clock.advance(0);
    await journal?.flushed();
    if (!await clock.next()) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { busy, evaluations, at } = await search;
  const percent = (100 * busy) / (64 * at);
  console.log(`  ${mode.padEnd(5)} ${percent.toFixed(1)} %  of ${evaluations} evaluations`);
}
