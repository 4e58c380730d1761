/**
 * Runs whose CSV files are kept in `tests/golden/seeds/`: the same seed gives the same bytes in every
 * version. After a change that is meant to change them, record them again with
 * `deno run --allow-all tests/actors/recorded_runs.ts`, and say why in the changelog.
 */
import { minimize, type MinimizeOptions, search, type SearchRunOptions } from "../../mod.ts";
import { blockSize } from "../../models/engines/onnx/block.ts";
import { single } from "./small_search.ts";

/** Where the recorded files of a run are. */
export const recorded = (name: string) => new URL(`../golden/seeds/${name}/`, import.meta.url);

/** The files whose bytes follow from the seed. */
export const FILES = ["candidates.csv", "generations.csv", "finalists.csv"] as const;

interface RecordedRun {
  /** The folder of the recorded files. */
  readonly name: string;
  /** ONNX Runtime rounds sums in an order of the processor's own. */
  readonly onnx: boolean;
  readonly start: (directory: string) => AsyncDisposable & { readonly result: Promise<unknown> };
}

const searching = (name: string, options: SearchRunOptions): RecordedRun => ({
  name,
  onnx: options.engine !== "tfjs",
  start: (directory) =>
    search({ ...single, trainSize: 40, batchSize: 20, population: 6, ...options, directory }),
});

const minimizing = (name: string, options: Partial<MinimizeOptions>): RecordedRun => ({
  name,
  onnx: false,
  start: (directory) =>
    minimize({
      evaluator: new URL("./objectives/sphere.ts", import.meta.url),
      mean: [0.9, -0.4, 0.2, 0.7, 0.1],
      sigma: 0.3,
      generations: 30,
      finalists: 2,
      finalistRepeats: 1,
      workers: 2,
      seed: 5,
      ...options,
      directory,
    }),
});

// WebAssembly computes the same everywhere.
const tfjs = { engine: "tfjs", backend: "wasm" } as const;

export const recordedRuns: readonly RecordedRun[] = [
  minimizing("minimize-sync", {}),
  minimizing("minimize-bounded", { lower: -0.5, upper: 1, population: 11, seed: 6 }),
  minimizing("minimize-random", { strategy: "random" }),
  // With one worker nothing depends on who is first.
  minimizing("minimize-async-mix", { mode: "async", workers: 1 }),
  minimizing("minimize-async-drop", { mode: "async", staleness: "drop", maxAge: 0, workers: 1 }),
  minimizing("minimize-async-reweight", { mode: "async", staleness: "reweight", workers: 1 }),
  searching("search-tfjs", tfjs),
  searching("search-tfjs-gap", { ...tfjs, mismatch: "gap", pixels: 2, perturbation: "replace" }),
  searching(`search-onnx-${await blockSize()}`, { optimizer: "adam", generations: 4 }),
];

if (import.meta.main) {
  for (const { name, start } of recordedRuns) {
    const directory = await Deno.makeTempDir();
    await using run = start(`${directory}/run`);
    await run.result;
    await Deno.mkdir(recorded(name), { recursive: true });
    for (const file of FILES) {
      await Deno.copyFile(`${directory}/run/${file}`, new URL(file, recorded(name)));
    }
    await Deno.remove(directory, { recursive: true });
    console.error(name);
  }
}
