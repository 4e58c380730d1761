import { assert, assertEquals } from "@std/assert";
import { type Evaluated, keyOf } from "../../actors/record/facts.ts";
import { readJournal } from "../../actors/record/journal.ts";
import { readSummary } from "../../actors/record/summary.ts";
import { simulate, type SimulateOptions } from "../../simulation/mod.ts";

/**
 * Results that come within so many milliseconds of each other may come in another order: the time that
 * the main thread and the disk take between two evaluations is not simulated, and on each worker it
 * adds up over those that lie behind it.
 */
const UNDECIDED_MS = 50;

/**
 * Every combination was recorded once, as it came, with other work on the machine: `minimize` over
 * `bench/simulation_waiting.ts`, and `search` on 200 images, by 1 and 2 workers.
 */
const RECORDED = ["minimize", "search"].flatMap((kind) =>
  (["sync", "async"] as const).flatMap((mode) =>
    [1, 2].map((workers) => ({
      name: `timed_${kind}_${mode}_${workers}`,
      options: {
        mode,
        trainers: [`${workers}`],
        generations: kind === "minimize" ? 4 : 3,
      } satisfies SimulateOptions,
    }))
  )
);

/** When an evaluation was done, in milliseconds. */
function endOf({ timings }: Evaluated): number {
  return Math.max(...Object.values(timings).map(({ startedAt, busyMs }) => startedAt + busyMs));
}

/** From the first evaluation to the last. */
function secondsOf(evaluated: readonly Evaluated[]): number {
  const starts = evaluated.flatMap(({ timings }) =>
    Object.values(timings).map(({ startedAt }) => startedAt)
  );
  return (Math.max(...evaluated.map(endOf)) - Math.min(...starts)) / 1000;
}

function assertWithin(share: number, simulated: number, real: number, what: string): void {
  const off = simulated / real - 1;
  assert(Math.abs(off) < share, `${what}: ${(100 * off).toFixed(1)} % off`);
}

for (const { name, options } of RECORDED) {
  Deno.test(`a recorded run with its own times takes as long, in the same order: ${name}`, async () => {
    const run = new URL(`../golden/${name}`, import.meta.url).pathname;
    const { events } = await readJournal(`${run}/journal.jsonl`);
    const directory = await Deno.makeTempDir();
    try {
      const { value } = await simulate({
        ...options,
        population: 6,
        finalists: 2,
        finalistRepeats: 1,
        latency: "0.2ms",
        cost: `recorded:${run}`,
        objective: `recorded:${run}`,
        start: `recorded:${run}`,
        directory: `${directory}/run`,
      }).result;
      const { events: simulatedEvents } = await readJournal(`${directory}/run/journal.jsonl`);
      const simulated = simulatedEvents.filter((event) => event.type === "Evaluated");
      const all = events.filter((event) => event.type === "Evaluated");
      // What workers are at when the search is over may still come in.
      assert(Math.abs(all.length - simulated.length) <= 2);
      const real = all.slice(0, simulated.length);

      assertWithin(0.1, secondsOf(simulated), secondsOf(real), "first to last");
      const wholeOf = (directory: string) => readSummary(directory)!.wallSeconds;
      assertWithin(0.1, wholeOf(`${directory}/run`), wholeOf(run), "whole");

      const placeOf = new Map(simulated.map((event, place) => [keyOf(event), place]));
      const common = real.filter((event) => placeOf.has(keyOf(event)));
      assert(common.length >= real.length - 2);
      const swapped = common.flatMap((first, index) =>
        common.slice(index + 1)
          .filter((second) => placeOf.get(keyOf(first))! > placeOf.get(keyOf(second))!)
          .filter((second) => Math.abs(endOf(second) - endOf(first)) > UNDECIDED_MS)
          .map((second) => `${keyOf(first)} before ${keyOf(second)}`)
      );
      assertEquals(swapped, []);
      const last = real.filter(({ repeat }) => repeat > 0).map(({ fitness }) => -fitness!);
      assertEquals(value, Math.min(...last));
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}
