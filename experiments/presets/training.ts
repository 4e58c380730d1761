/**
 * From the names in options and presets to how a network is trained.
 *
 * @module
 */
import type { Training } from "../../actors/testing/evaluator.ts";
import { augmentationFor } from "../../datasets/mod.ts";
import {
  compileRecipe,
  type RecipeOptions,
  type RecipeWish,
  resolveRecipe,
} from "../../models/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { Preset } from "./preset.ts";

/** How networks are trained, by names. */
export interface TrainingOptions extends RecipeWish {
  /** `recipe` is that of the network's own paper. */
  readonly optimizer: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly augmentation: "none" | "standard";
}

/**
 * How a network is trained, with what is left out filled in.
 *
 * @throws {ConfigurationError} If it cannot be trained so.
 */
export function recipeOf(network: string, wish: RecipeWish, epochs: number): RecipeOptions {
  try {
    return resolveRecipe(network, wish, epochs);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/**
 * Look the names up.
 *
 * @param network Its name, or the URL of its file.
 * @throws {ConfigurationError} If there is no such optimizer or schedule.
 */
export function trainingOf(network: string, dataset: string, options: TrainingOptions): Training {
  const { optimizer: name, batchSize, epochs, augmentation } = options;
  const wish = { ...options, optimizer: name === "recipe" ? undefined : name };
  return {
    network,
    ...compileRecipe(recipeOf(network, wish, epochs)),
    batchSize,
    epochs,
    augmentation: augmentation === "standard" ? augmentationFor(dataset) : null,
  };
}

/** How a network is trained, in words: `nesterov at 0.1 (step), weight decay 0.0001`. */
export function describeRecipe(recipe: RecipeOptions): string {
  const { optimizer, learningRate, weightDecay, schedule, warmup } = recipe;
  const parts = [`${optimizer} at ${learningRate} (${schedule})`];
  if (weightDecay > 0) parts.push(`weight decay ${weightDecay}`);
  if (warmup > 0) parts.push(`warm-up of ${warmup} epochs`);
  return parts.join(", ");
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
