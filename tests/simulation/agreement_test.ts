import { assert, assertEquals } from "@std/assert";
import { type Evaluated, keyOf } from "../../actors/record/facts.ts";
import { readJournal } from "../../actors/record/journal.ts";
import { simulate, type SimulateOptions } from "../../simulation/mod.ts";

/** From the first evaluation to the last. */
function secondsOf(evaluated: readonly Evaluated[]): number {
  const spans = evaluated.flatMap(({ timings }) => Object.values(timings));
  const start = Math.min(...spans.map(({ startedAt }) => startedAt));
  return (Math.max(...spans.map(({ startedAt, busyMs }) => startedAt + busyMs)) - start) / 1000;
}

/**
 * Runs on two workers. Those of `minimize` had an objective that waited ten times as long as that of
 * `bench/simulation_waiting.ts`, and the search trained networks; no two evaluations of a run ended
 * at about the same time.
 */
const RECORDED: Readonly<Record<string, SimulateOptions>> = {
  timed_minimize_sync: { mode: "sync", generations: 4 },
  timed_minimize_async: { mode: "async", generations: 4 },
  timed_search_sync: { mode: "sync", generations: 3 },
};

for (const [name, options] of Object.entries(RECORDED)) {
  Deno.test(`a recorded run with its own times ends in the same order, and as late: ${name}`, async () => {
    const run = new URL(`../golden/${name}`, import.meta.url).pathname;
    const { events } = await readJournal(`${run}/journal.jsonl`);
    const real = events.filter((event) => event.type === "Evaluated");
    await using simulation = simulate({
      ...options,
      trainers: ["2"],
      population: 6,
      finalists: 2,
      finalistRepeats: 1,
      latency: "0.2ms",
      cost: `recorded:${run}`,
      objective: `recorded:${run}`,
    });
    const order: string[] = [];
    for await (const event of simulation) if (event.type === "evaluated") order.push(keyOf(event));
    const { seconds, value } = await simulation.result;
    // What workers are at when the search is over may still come in.
    assert(real.length - order.length <= 2);
    assertEquals(order, real.slice(0, order.length).map(keyOf));
    const off = seconds / secondsOf(real.slice(0, order.length)) - 1;
    assert(Math.abs(off) < 0.1, `${(100 * off).toFixed(1)} % off`);
    const last = real.filter(({ repeat }) => repeat > 0).map(({ fitness }) => -fitness!);
    assertEquals(value, Math.min(...last));
  });
}
