import { assert, assertEquals } from "@std/assert";
import { type Evaluated, keyOf } from "../../actors/record/facts.ts";
import { readJournal } from "../../actors/record/journal.ts";
import { simulate } from "../../simulation/mod.ts";

/** From the first evaluation to the last. */
function secondsOf(evaluated: readonly Evaluated[]): number {
  const spans = evaluated.flatMap(({ timings }) => Object.values(timings));
  const start = Math.min(...spans.map(({ startedAt }) => startedAt));
  return (Math.max(...spans.map(({ startedAt, busyMs }) => startedAt + busyMs)) - start) / 1000;
}

// Recorded on two workers with an objective that waited ten times as long as that of
// `bench/simulation_waiting.ts`, with seeds by which no two evaluations end at about the same time.
for (const mode of ["sync", "async"] as const) {
  Deno.test(`a recorded run with its own times ends in the same order, and as late: ${mode}`, async () => {
    const run = new URL(`../golden/timed_minimize_${mode}`, import.meta.url).pathname;
    const { events } = await readJournal(`${run}/journal.jsonl`);
    const real = events.filter((event) => event.type === "Evaluated");
    await using simulation = simulate({
      mode,
      trainers: ["2"],
      population: 6,
      generations: 4,
      finalists: 2,
      finalistRepeats: 1,
      latency: "0.2ms",
      cost: `recorded:${run}`,
      objective: `recorded:${run}`,
    });
    const order: string[] = [];
    for await (const event of simulation) if (event.type === "evaluated") order.push(keyOf(event));
    const { seconds, value, x } = await simulation.result;
    // What workers are at when the search is over may still come in.
    assert(real.length - order.length <= 2);
    assertEquals(order, real.slice(0, order.length).map(keyOf));
    const off = seconds / secondsOf(real.slice(0, order.length)) - 1;
    assert(Math.abs(off) < 0.1, `${(100 * off).toFixed(1)} % off`);
    assertEquals(x.length, 2);
    const last = real.filter(({ repeat }) => repeat > 0).map(({ fitness }) => -fitness!);
    assertEquals(value, Math.min(...last));
  });
}
