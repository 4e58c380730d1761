/** An experiment of seconds, for tests. */
import type { Experiment } from "../../experiments/study/experiment.ts";
import type { Preset } from "../../experiments/presets/mod.ts";
import { Study } from "../../experiments/study/study.ts";
import { writeImages } from "../actors/image_folder.ts";
import { small } from "../actors/small_search.ts";

const { devices: _, dataset: __, seed: ___, ...search } = small;

/** With the images of `writeImages`, all networks together take seconds. */
export const tinyPreset = (dataset: string): Preset => ({
  dataset,
  search: { ...search, network: "graynet", population: 4, generations: 3 },
  networks: ["graynet"],
  training: {
    trainSize: 32,
    epochs: 2,
    batchSize: 16,
    optimizer: "adam",
    augmentation: "none",
  },
  pixels: [1],
  repeats: 2,
  uniformDraws: 1,
});

/** On images in a folder `images`. Dispose of its study. */
export async function tinyExperiment(name: string, runs: string): Promise<Experiment> {
  const study = await Study.open({
    name,
    command: `deno task ${name}`,
    runs,
    devices: ["cpu"],
    engine: "auto",
    backend: "auto",
  });
  const [directory, dataset] = [`${runs}/${name}`, `${runs}/images`];
  writeImages(dataset);
  Deno.mkdirSync(directory);
  return {
    name,
    presetName: "smoke",
    preset: tinyPreset(dataset),
    datasets: [dataset],
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
