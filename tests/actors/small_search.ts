/** A search of seconds, for tests. */
import { assertRejects } from "@std/assert";
import { RunStopped, search, type SearchRunOptions } from "../../mod.ts";

export const small: SearchRunOptions = {
  dataset: "synthetic",
  trainSize: 32,
  // A block of ONNX Runtime: a batch of 20 takes as long as one of 32.
  batchSize: 16,
  epochs: 1,
  discriminatorSize: 20,
  discriminatorEpochs: 1,
  population: 4,
  generations: 3,
  finalists: 2,
  finalistRepeats: 1,
  devices: ["cpu", "cpu"],
  seed: 11,
};

/** `small` with one trainer, which starts sooner: for tests of what becomes of runs. */
export const single: SearchRunOptions = { ...small, devices: ["cpu"] };

/** `small` without what means nothing where no discriminator is trained. */
export const undivergent: SearchRunOptions = {
  ...small,
  divergenceWeight: 0,
  discriminatorSize: undefined,
  discriminatorEpochs: undefined,
};

let finished: Promise<string> | undefined;

/** A copy of the finished run of `single`, which is done once for all tests of a file. */
export async function finishedCopy(directory: string): Promise<string> {
  finished ??= (async () => {
    const folder = await Deno.makeTempDir();
    globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    await using run = search({ ...single, directory: `${folder}/run` });
    await run.result;
    return `${folder}/run`;
  })();
  const run = await finished;
  Deno.mkdirSync(directory);
  for (const { name } of Deno.readDirSync(run)) {
    Deno.copyFileSync(`${run}/${name}`, `${directory}/${name}`);
  }
  return directory;
}

/** Search, and stop after so many evaluations. */
export async function stopAfter(evaluations: number, options: SearchRunOptions): Promise<void> {
  const stop = new AbortController();
  await using run = search({ ...options, signal: stop.signal });
  let evaluated = 0;
  for await (const event of run) {
    if (event.type === "evaluated" && ++evaluated === evaluations) stop.abort();
  }
  await assertRejects(() => run.result, RunStopped);
}

/** The files of a run that must not depend on who computed what, and when. */
export const COMPARABLE = ["candidates.csv", "generations.csv", "finalists.csv", "best.json"];

export function readFiles(directory: string, names: readonly string[]): string[] {
  return names.map((name) => Deno.readTextFileSync(`${directory}/${name}`));
}
