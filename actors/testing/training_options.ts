/**
 * From the names in options to how a network is trained.
 *
 * @module
 */
import { augmentationFor, type Shape } from "../../datasets/mod.ts";
import { checkDefences, type DefenceName } from "../../datasets/defences/defences.ts";
import {
  compileRecipe,
  locateNetwork,
  type Network,
  networkNames,
  networkSha256,
  type RecipeOptions,
  type RecipeWish,
  resolveRecipe,
} from "../../models/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { requireWholeBatch } from "../../training/training.ts";
import { checkFit } from "../devices/devices.ts";
import type { Training } from "./evaluator.ts";

/** How networks are trained, by names. */
export interface TrainingOptions extends RecipeWish {
  readonly batchSize: number;
  readonly epochs: number;
  readonly augmentation: "none" | "standard";
  /** Names of defences, checked by {@linkcode defencesOf}. Default: none. */
  readonly defence?: readonly DefenceName[] | undefined;
}

/**
 * The defences of an option.
 *
 * @param shape Of the images.
 * @param option How the option is called where it was given.
 * @throws {ConfigurationError} If one is unknown or useless, or if they cannot follow each other.
 */
export function defencesOf(
  { defence, augmentation }: {
    readonly defence?: readonly string[] | undefined;
    readonly augmentation: "none" | "standard";
  },
  shape: Shape,
  option: string,
): DefenceName[] | undefined {
  try {
    return defence && checkDefences(defence, { shape, isAugmented: augmentation === "standard" });
  } catch (error) {
    throw new ConfigurationError(`Option ${option}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The name of a network as it is, or the URL of its file, the same for all ways to write it.
 *
 * @param option How the option is called where it was given.
 * @throws {ConfigurationError} If it is neither.
 */
export function locationOf(network: string, option: string): string {
  try {
    return locateNetwork(network);
  } catch (error) {
    throw new ConfigurationError(`Option ${option}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * What results call a network: as it calls itself and, if it is in a file and a known one is called so,
 * part of its SHA-256.
 *
 * @param location As {@linkcode locationOf} gives it.
 */
export function resultName(location: string, network: Network): string {
  const { name } = network;
  const isTaken = location !== name && networkNames.includes(name);
  return isTaken ? `${name}-${networkSha256(network).slice(0, 8)}` : name;
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
 * Check that a network can be trained so.
 *
 * @param devices Expanded.
 * @param images How many there are.
 * @throws {RangeError} If there is no whole batch for a network that needs one.
 * @throws {OutOfMemory} If it does not fit into a device's memory.
 */
export function requireTrainable(
  devices: readonly string[],
  network: Network,
  recipe: RecipeOptions,
  batchSize: number,
  images: number,
): void {
  requireWholeBatch(network, batchSize, images);
  checkFit(devices, { network, optimizer: compileRecipe(recipe).optimizer, batchSize });
}

/**
 * Look the names up.
 *
 * @param network Its name, or the URL of its file.
 * @throws {ConfigurationError} If there is no such optimizer or schedule.
 */
export function trainingOf(network: string, dataset: string, options: TrainingOptions): Training {
  const { batchSize, epochs, augmentation, defence } = options;
  return {
    network,
    ...compileRecipe(recipeOf(network, options, epochs)),
    batchSize,
    epochs,
    augmentation: augmentation === "standard" ? augmentationFor(dataset) : null,
    ...(defence && { defences: defence }),
  };
}
