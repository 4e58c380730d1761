/**
 * What a preset says. Each is a file of its own in this folder.
 *
 * @module
 */
import type { SearchOptions } from "../../actors/configuration.ts";
import type { TrainingOptions } from "../../actors/testing/training_options.ts";

/** The settings of whole experiments, at one scale. */
export interface Preset {
  readonly dataset: string;
  /** Seeds, pixels, data and devices come from elsewhere. */
  readonly search:
    & Omit<SearchOptions, "dataset" | "pixels" | "seed" | "devices" | "engine" | "backend">
    & { readonly network: string; readonly population: number; readonly generations: number };
  /** Networks that are trained on what was found, and tested. */
  readonly networks: readonly string[];
  readonly training: PresetTraining;
  /** Disturbed pixels for each class (N_p). */
  readonly pixels: readonly number[];
  /** Searches of each kind, and networks for each disturbance, with other seeds. */
  readonly repeats: number;
  /** Uniform disturbances for each repeat. */
  readonly uniformDraws: number;
}

/** A preset that `--preset` names: the figures have sets of images and repeats of their own. */
export interface ExperimentPreset extends Preset {
  readonly budget: {
    /** After which the command `budget` tests what was found, rising; the last one ends its searches. */
    readonly generations: readonly number[];
    /** That are trained on what was found, each time. */
    readonly networks: number;
  };
  readonly figures: {
    readonly figure2: readonly string[];
    readonly figure3: readonly string[];
    readonly figure4: readonly string[];
    readonly repeats: number;
  };
}

/** How a preset trains what is tested. */
export interface PresetTraining extends Omit<TrainingOptions, "learningRate"> {
  /** `recipe` is that of the network's own paper. */
  readonly optimizer: string;
  /** Training images, stratified; `null` is all of them. */
  readonly trainSize: number | null;
  /** By the names of optimizers; their usual ones where none is given. */
  readonly learningRates?: Readonly<Record<string, number>>;
}
