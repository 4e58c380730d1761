/**
 * How presets train networks.
 *
 * @module
 */
import type { Training } from "../../actors/testing/evaluator.ts";
import { trainingOf } from "../../actors/testing/training_options.ts";
import type { RecipeOptions } from "../../models/mod.ts";
import type { Preset } from "./preset.ts";

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
  return trainingOf(network, dataset, {
    ...training,
    optimizer: optimizer === "recipe" ? undefined : optimizer,
    learningRate,
  });
}
