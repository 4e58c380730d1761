/**
 * What the figures' repeats need: for each set of images and repeat a search, and networks that are
 * trained on what it finds. Those of the table are the same ones.
 *
 * @module
 */
import { type Disturbance, noDisturbance } from "../../datasets/mod.ts";
import {
  type Experiment,
  forDataset,
  presetSearch,
  presetSubset,
  repeatSeeds,
} from "./experiment.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { Preset } from "../presets/mod.ts";
import type { NetworkJob, StudySearch } from "./study.ts";
import { presetTraining } from "../presets/training.ts";

/** The search of one repeat. */
export interface RepeatSearch extends StudySearch {
  /** For its set of images. */
  readonly preset: Preset;
  readonly seed: number;
  /** From 0. */
  readonly repeat: number;
}

/** A network of one repeat. */
export interface RepeatNetwork extends NetworkJob {
  readonly repeat: number;
  readonly optimizer: string;
  readonly trainedOn: "clean" | "mddes";
}

/** The searches for evolved disturbances of all sets and repeats. */
export async function repeatSearches(
  { preset, datasets, seed, study }: Experiment,
): Promise<RepeatSearch[]> {
  const searches: RepeatSearch[] = [];
  for (const dataset of datasets) {
    const { train } = await study.data(dataset);
    const own = forDataset(preset, dataset, train.shape);
    for (let repeat = 0; repeat < preset.repeats; repeat++) {
      searches.push({
        preset: own,
        seed,
        repeat,
        label: `${dataset}, repeat ${repeat + 1}`,
        method: "mddes",
        options: presetSearch(own, own.pixels[0]!, repeatSeeds(seed, repeat)),
      });
    }
  }
  return searches;
}

/**
 * A network of a repeat, before it is known what it is trained on.
 *
 * @param optimizer Default: the preset's.
 * @param number Of the network, from 0, where one is not enough: they differ in their seed.
 */
export function repeatNetwork(
  { preset, seed, repeat, label }: RepeatSearch,
  trainedOn: RepeatNetwork["trainedOn"],
  { optimizer = preset.training.optimizer, number = 0 }: {
    readonly optimizer?: string;
    readonly number?: number;
  } = {},
): Omit<RepeatNetwork, "disturbance"> {
  const seeds = repeatSeeds(seed, repeat);
  return {
    repeat,
    optimizer,
    trainedOn,
    label: `${label}, ${optimizer} on ${trainedOn === "clean" ? "clean" : "disturbed"} images`,
    dataset: preset.dataset,
    training: presetTraining(preset, preset.networks[0]!, { optimizer }),
    subset: presetSubset(preset, seeds),
    seed: number === 0
      ? seeds.training
      : deriveSeed(seeds.search, RUN_STREAMS.testedNetwork, number),
  };
}

/** No disturbance, of a set's images. */
export async function cleanOf({ study }: Experiment, dataset: string): Promise<Disturbance> {
  const { train: { classNames, shape } } = await study.data(dataset);
  return noDisturbance({ classes: classNames.length, pixels: 1, shape });
}

/** Which images are used, a line for each half of each set. */
export async function sourcesOf({ study, datasets }: Experiment): Promise<string[]> {
  const sources: string[] = [];
  for (const dataset of datasets) {
    const { train, test } = await study.data(dataset);
    sources.push(train.source, test.source);
  }
  return sources;
}
