/**
 * From the names in options and presets to how a network is trained.
 *
 * @module
 */
import { ConfigurationError } from "../actors/configuration.ts";
import type { Training } from "../actors/evaluator.ts";
import { augmentationFor } from "../datasets/mod.ts";
import type { Preset } from "./presets/preset.ts";
import { networkByName, optimizerByName, recipeFor, scheduleByName } from "../models/mod.ts";

/** How networks are trained, by names. */
export interface TrainingOptions {
  /** `recipe` is how the network's own paper trains it, schedule included. */
  readonly optimizer: string;
  /** Default: the optimizer's usual one. */
  readonly learningRate?: number | undefined;
  /** Default: `constant`; with `recipe` that of the network's paper. */
  readonly schedule?: string | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly augmentation: "none" | "standard";
}

/**
 * Look the names up.
 *
 * @throws {ConfigurationError} If there is no such network, optimizer or schedule.
 */
export function trainingOf(network: string, dataset: string, options: TrainingOptions): Training {
  const { optimizer: name, batchSize, epochs, augmentation } = options;
  try {
    networkByName(network);
    const recipe = name === "recipe"
      ? recipeFor(network)
      : { ...optimizerByName(name), schedule: scheduleByName("constant") };
    return {
      network,
      optimizer: recipe.optimizer,
      learningRate: options.learningRate ?? recipe.learningRate,
      schedule: options.schedule === undefined ? recipe.schedule : scheduleByName(options.schedule),
      batchSize,
      epochs,
      augmentation: augmentation === "standard" ? augmentationFor(dataset) : null,
    };
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/**
 * How a preset trains one of its networks.
 *
 * @param dataset Default: the preset's.
 * @param optimizer Default: the preset's.
 */
export function presetTraining(
  { training, ...preset }: Preset,
  network: string,
  { dataset = preset.dataset, optimizer = training.optimizer } = {},
): Training {
  const learningRate = training.learningRates?.[optimizer];
  return trainingOf(network, dataset, { ...training, optimizer, learningRate });
}
