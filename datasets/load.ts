/**
 * From a name to images. Training and test images are opened by separate functions, and neither
 * opens the other's files.
 *
 * @module
 */
import { isKnownName } from "./catalog.ts";
import { loadEmbeddedMnist } from "./mnist.ts";
import type { Split, SplitName } from "./split.ts";
import { type SyntheticOptions, syntheticSplit } from "./synthetic.ts";

/** Where to look, and what to generate. */
export interface LoadOptions {
  /** Folder of downloaded sets. Default: `MDDES_DATA`, else the platform's cache folder. */
  readonly directory?: string;
  /** What `"synthetic"` generates. */
  readonly synthetic?: SyntheticOptions;
}

/**
 * The training images of a set.
 *
 * @param name `mnist`, `fashion-mnist`, `svhn`, `cifar10`, `synthetic`, or a path.
 */
export function loadTrain(name: string, options: LoadOptions = {}): Promise<Split<"train">> {
  return load(name, "train", options);
}

/** The test images of a set. No part of a search may call this. */
export function loadTest(name: string, options: LoadOptions = {}): Promise<Split<"test">> {
  return load(name, "test", options);
}

async function load<Name extends SplitName>(
  name: string,
  split: Name,
  options: LoadOptions,
): Promise<Split<Name>> {
  if (name === "synthetic") return syntheticSplit(split, options.synthetic);
  if (name === "mnist") return await loadEmbeddedMnist(split);
  throw new RangeError(
    `Cannot load ${name}: ${isKnownName(name) ? "it is not in the cache" : "no such data set"}`,
  );
}
