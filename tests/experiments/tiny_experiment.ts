/** An experiment of seconds, for tests. */
import type { Experiment } from "../../experiments/study/experiment.ts";
import type { Preset } from "../../experiments/presets/mod.ts";
import { Study } from "../../experiments/study/study.ts";
import { small } from "../actors/small_search.ts";

const { devices: _, dataset: __, seed: ___, ...search } = small;

const tiny: Preset = {
  dataset: "synthetic",
  search: { ...search, network: "graynet", population: 4, generations: 3 },
  networks: ["graynet"],
  training: {
    trainSize: 100,
    epochs: 2,
    batchSize: 20,
    optimizer: "adam",
    augmentation: "none",
  },
  pixels: [1],
  repeats: 2,
  uniformDraws: 1,
};

/** Dispose of its study. */
export async function tinyExperiment(name: string, runs: string): Promise<Experiment> {
  const study = await Study.open({
    name,
    command: `deno task ${name}`,
    runs,
    devices: ["cpu", "cpu"],
    engine: "auto",
    backend: "auto",
  });
  const directory = `${runs}/${name}`;
  Deno.mkdirSync(directory);
  return {
    name,
    presetName: "smoke",
    preset: tiny,
    datasets: ["synthetic"],
    seed: 1,
    directory,
    study,
  };
}

/** Lines that were printed meanwhile, joined. */
export async function printed(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(line);
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
