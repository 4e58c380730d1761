/**
 * A pruner of your own: ends a training after its second epoch if most of those before it had come
 * further by then. To use it with any search:
 *
 *     deno task search --pruner examples/pruner.ts
 *
 * @module
 */
import { type Pruner, search } from "../mod.ts";

/** Prunes those in the last third. */
export const pruner: Pruner = ({ step, value }, history) => {
  const better = history.filter((report) => report.value > value).length;
  return step >= 2 && history.length >= 6 && better > (2 / 3) * history.length;
};

/** @returns How many candidates were pruned, of how many. */
export async function searchPruned(directory: string): Promise<{ pruned: number; all: number }> {
  await using run = search({
    dataset: "synthetic",
    trainSize: 60,
    epochs: 3,
    population: 6,
    generations: 4,
    divergenceWeight: 0,
    finalistRepeats: 0,
    pruner: new URL(import.meta.url).href,
    devices: ["cpu", "cpu"],
    seed: 1,
    directory,
  });
  let [pruned, all] = [0, 0];
  for await (const event of run) {
    if (event.type !== "evaluated") continue;
    all++;
    if (event.status === "pruned") pruned++;
  }
  await run.result;
  return { pruned, all };
}

if (import.meta.main) console.log(await searchPruned(`${Deno.makeTempDirSync()}/run`));
