/**
 * How well a simulation predicts a real search whose times it is given:
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run --allow-ffi --allow-sys bench/simulation_agreement.ts
 *
 * A search over an objective that waits, over one that keeps a core busy, and one that trains networks
 * run on 1 and 2 workers. Each is then simulated with the times that were measured, and 0.2 ms for a message. Stated are both wall times,
 * from the first evaluation to the last, and how much of the order in which results came is the same:
 * results in the same place, and pairs of which the same one came first.
 *
 * @module
 */
import { readJournal } from "../actors/record/journal.ts";
import { keyOf } from "../actors/record/facts.ts";
import { minimize, search } from "../mod.ts";
import { simulate } from "../simulation/mod.ts";
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
  return { order: done.map(keyOf), seconds: (end - start) / 1000 };
}

/** Share of the pairs that both orders have the same way round. */
function agreement(real: readonly string[], simulated: readonly string[]): number {
  const placeOf = new Map(simulated.map((key, place) => [key, place]));
  const places = real.flatMap((key) => placeOf.get(key) ?? []);
  const pairs = places.flatMap((first, index) =>
    places.slice(index + 1).map((second): number => first < second ? 1 : 0)
  );
  return pairs.reduce((sum, isSame) => sum + isSame, 0) / pairs.length;
}

const rows = [
  [
    "evaluation",
    "mode",
    "workers",
    "real s",
    "simulated s",
    "error %",
    "same place",
    "same pairs %",
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
        directory: `${folder}/simulated`,
      }).result;
      const simulated = await courseOf(`${folder}/simulated`);
      const real = await courseOf(`${folder}/real`, simulated.order.length);
      const same = real.order.filter((key, place) => simulated.order[place] === key).length;
      rows.push([
        evaluation,
        mode,
        `${workers}`,
        real.seconds.toFixed(2),
        simulated.seconds.toFixed(2),
        (100 * (simulated.seconds / real.seconds - 1)).toFixed(1),
        `${same} of ${real.order.length}`,
        (100 * agreement(real.order, simulated.order)).toFixed(1),
      ]);
      await Deno.remove(folder, { recursive: true });
    }
  }
}
console.log(layOut(rows));
