/**
 * How well a simulation predicts a real search whose times it is given:
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run --allow-ffi --allow-sys bench/simulation_agreement.ts
 *
 * A search over an objective that waits, over one that keeps a core busy, and one that trains networks
 * run on 1 and 2 workers. Each is then simulated with the times that were measured, for evaluations and
 * for the start of workers, and 0.2 ms for a message. Stated are the whole wall times, as `summary.json`
 * has them, those from the first evaluation to the last, and how much of the order in which results
 * came is the same: of how many pairs the same one came first, and by how much the others were apart in
 * the real search, at the most.
 *
 * @module
 */
import { readJournal } from "../actors/record/journal.ts";
import { keyOf } from "../actors/record/facts.ts";
import { minimize, search } from "../mod.ts";
import { simulate } from "../simulation/mod.ts";
import { readSummary } from "../actors/record/summary.ts";
import { layOut } from "../experiments/terminal/table.ts";

const COMMON = { population: 8, generations: 5, finalists: 2, finalistRepeats: 1 };

interface Setting {
  readonly mode: "sync" | "async";
  readonly workers: number;
  readonly directory: string;
}

const searchOver = (objective: string) => ({ mode, workers, directory }: Setting) =>
  minimize({
    ...COMMON,
    evaluator: new URL(`./simulation_${objective}.ts`, import.meta.url),
    mean: [0.4, 0.4, 0.4],
    mode,
    workers,
    directory,
  }).result;

/** Real searches, by what an evaluation does. */
const SEARCHES = {
  waiting: searchOver("waiting"),
  computing: searchOver("computing"),
  training: ({ mode, workers, directory }: Setting) =>
    search({
      ...COMMON,
      trainSize: 200,
      epochs: 2,
      mode,
      devices: new Array<string>(workers).fill("cpu"),
      directory,
    }).result,
};

/**
 * The first evaluations of a run in the order in which they ended, and the time that they took in all.
 * What workers are at when the search is over may still come in, and is no part of it.
 */
async function courseOf(directory: string, count = Infinity) {
  const { events } = await readJournal(`${directory}/journal.jsonl`);
  const done = events.filter((event) => event.type === "Evaluated").slice(0, count);
  const spans = done.flatMap(({ timings }) =>
    Object.values(timings).map(({ startedAt, busyMs }) => [startedAt, startedAt + busyMs] as const)
  );
  const start = Math.min(...spans.map(([from]) => from));
  const end = Math.max(...spans.map(([, to]) => to));
  /** When each result came, in milliseconds. */
  const endOf = new Map(done.map((event) => {
    const ends = Object.values(event.timings).map(({ startedAt, busyMs }) => startedAt + busyMs);
    return [keyOf(event), Math.max(...ends)];
  }));
  return { order: done.map(keyOf), endOf, seconds: (end - start) / 1000 };
}

type Course = Awaited<ReturnType<typeof courseOf>>;

/** How many pairs there are of which both have results, and how far apart those are that are swapped. */
function pairsOf(real: Course, simulated: Course) {
  const placeOf = new Map(simulated.order.map((key, place) => [key, place]));
  const common = real.order.filter((key) => placeOf.has(key));
  const swapped = common.flatMap((first, index) =>
    common.slice(index + 1)
      .filter((second) => placeOf.get(first)! > placeOf.get(second)!)
      .map((second) => Math.abs(real.endOf.get(second)! - real.endOf.get(first)!))
  );
  return { count: common.length * (common.length - 1) / 2, swapped };
}

/** By how much a prediction is off. */
function percentOff(simulated: number, real: number): string {
  return (100 * (simulated / real - 1)).toFixed(1);
}

const rows = [
  [
    "evaluation",
    "mode",
    "workers",
    "whole s",
    "simulated s",
    "off %",
    "first to last s",
    "simulated s",
    "off %",
    "same pairs",
    "others apart ms",
  ],
];
for (const [evaluation, run] of Object.entries(SEARCHES)) {
  for (const mode of ["sync", "async"] as const) {
    for (const workers of [1, 2]) {
      const folder = await Deno.makeTempDir();
      await run({ mode, workers, directory: `${folder}/real` });
      await simulate({
        ...COMMON,
        mode,
        trainers: [`${workers}`],
        latency: "0.2ms",
        cost: `recorded:${folder}/real`,
        objective: `recorded:${folder}/real`,
        start: `recorded:${folder}/real`,
        directory: `${folder}/simulated`,
      }).result;
      const simulated = await courseOf(`${folder}/simulated`);
      const real = await courseOf(`${folder}/real`, simulated.order.length);
      const wholeOf = (run: string) => readSummary(`${folder}/${run}`)!.wallSeconds;
      const [whole, simulatedWhole] = [wholeOf("real"), wholeOf("simulated")];
      const { count, swapped } = pairsOf(real, simulated);
      rows.push([
        evaluation,
        mode,
        `${workers}`,
        whole.toFixed(2),
        simulatedWhole.toFixed(2),
        percentOff(simulatedWhole, whole),
        real.seconds.toFixed(2),
        simulated.seconds.toFixed(2),
        percentOff(simulated.seconds, real.seconds),
        `${count - swapped.length} of ${count}`,
        swapped.length === 0 ? "-" : Math.max(...swapped).toFixed(1),
      ]);
      await Deno.remove(folder, { recursive: true });
    }
  }
}
console.log(layOut(rows));
