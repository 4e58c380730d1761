/**
 * How an experiment was made, in words.
 *
 * @module
 */
import { LEAST_PAIRS, LEVEL } from "./pairs.ts";
import type { Preset } from "../presets/preset.ts";
import { setName } from "../study/experiment.ts";

/** How the disturbances were found, and how the networks were trained. */
export function settingsText(preset: Preset, seed: number): string[] {
  const { search, training, repeats } = preset;
  const optimizer = search.optimizer ?? "the optimizer of the network's paper";
  const images = training.trainSize === null
    ? "all training images"
    : `the same ${training.trainSize} images`;
  return [
    `${plural(repeats, "repeat")} with seeds from ${seed} on. Each has searches of its own: ` +
    `${
      plural(search.generations, "generation")
    } of ${search.population} candidates, each trained ` +
    `on ${search.trainSize} images with ${optimizer}. No search sees a test image.`,
    `A repeat trains all its networks from the same initial weights, on ${images} in the ` +
    `same order: ${plural(training.epochs, "epoch")} of batches of ${training.batchSize}, ` +
    `augmentation ${training.augmentation}.`,
  ];
}

/** What a search has found, and with what. */
interface FoundDisturbance {
  readonly configuration: { readonly network: string; readonly optimizer?: string | undefined };
  readonly best: { readonly generation: number; readonly candidate: number };
}

/** Which candidate a disturbance was, and what it was evolved against; nothing of one's own. */
export function evolvedText(found: FoundDisturbance | undefined): string[] {
  if (!found) return [];
  const { configuration: { network, optimizer }, best: { generation, candidate } } = found;
  return [
    `The disturbance is candidate ${generation}/${candidate}, evolved against ` +
    `${[setName(network), ...optimizer ? [optimizer] : []].join(", ")}.`,
  ];
}

/** When a claim counts as shown. */
export const VERDICTS =
  `A claim is shown where p < ${LEVEL}, by Student's one-sided t-test on the ` +
  `differences within the repeats; it needs at least ${LEAST_PAIRS} of them. Each test stands for ` +
  "itself: none is corrected for the number of the others.";

/** `1 pixel`, `2 pixels`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}
