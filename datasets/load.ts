/**
 * From a name to images. Training and test images are opened by separate functions. The one for
 * training images opens no test image; the one for test images looks, in a folder of one's own, at
 * the classes and the shape of the training images, which the test half must fit. Nothing is
 * downloaded: {@linkcode fetchDataset} does that.
 *
 * @module
 */
import { resolve } from "node:path";
import { commandText } from "../command_text.ts";
import { loadFolder } from "./folder/folder.ts";
import { imagesSha256 } from "./identity.ts";
import { cacheDirectory, loadCached } from "./published/cache.ts";
import { isKnownName, KNOWN_DATASETS } from "./published/catalog.ts";
import { withMissingClasses } from "./remarks.ts";
import type { Split, SplitName } from "./split.ts";
import { defaultSyntheticSplit, type SyntheticOptions, syntheticSplit } from "./synthetic.ts";

/** Where to look, and what to generate. */
export interface LoadOptions {
  /** Folder of imported sets. Default: `MDDES_DATA`, else the platform's cache folder. */
  readonly directory?: string;
  /** What `"synthetic"` generates. */
  readonly synthetic?: SyntheticOptions;
  /** Which images they must be: their {@linkcode imagesSha256}. Default: any. */
  readonly sha256?: string;
}

/**
 * The training images of a set.
 *
 * @param name A published set of {@linkcode KNOWN_DATASETS} (from the package that carries it, else
 *   from the cache), `synthetic`, or the path of a folder: `PATH/class/*.png`, or IDX
 *   files such as `PATH/train-images-idx3-ubyte.gz`.
 * @returns The images; `dataset` is the name, or the absolute path of the folder.
 * @throws {RangeError} If there is no such set or folder, the set is not in the cache, the folder
 *   does not hold what it should, or the images are not those of `sha256`.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function loadTrain(name: string, options: LoadOptions = {}): Promise<Split<"train">> {
  return withMissingClasses(await load(name, "train", options));
}

/**
 * The test images of a set, named as in {@linkcode loadTrain}. No part of a search may call this.
 *
 * @throws {RangeError} If there is no such set or folder, the set is not in the cache, the folder does
 *   not hold what it should, its test images are not like its training images, or the images are not
 *   those of `sha256`.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function loadTest(name: string, options: LoadOptions = {}): Promise<Split<"test">> {
  return withMissingClasses(await load(name, "test", options));
}

async function load<Name extends SplitName>(
  name: string,
  split: Name,
  options: LoadOptions,
): Promise<Split<Name>> {
  const loaded = await open(name, split, options);
  if (options.sha256 === undefined || imagesSha256(loaded) === options.sha256) return loaded;
  throw new RangeError(
    `Cannot use the ${split} images of ${loaded.dataset}: they were changed meanwhile`,
  );
}

async function open<Name extends SplitName>(
  name: string,
  split: Name,
  options: LoadOptions,
): Promise<Split<Name>> {
  if (name === "synthetic") {
    const { synthetic } = options;
    return synthetic ? syntheticSplit(split, synthetic) : defaultSyntheticSplit(split);
  }
  if (isKnownName(name)) {
    const known = KNOWN_DATASETS[name];
    const { embedded } = known;
    if (await embedded?.isThere()) return await embedded!.load(known, split);
    const directory = cacheDirectory(options.directory);
    const cached = await loadCached(known, split, directory);
    if (cached) return cached;
    throw new RangeError(
      `Cannot load ${name}: its ${split} images are not in ${directory}; ` +
        `get them with \`${commandText("datasets", ["fetch", name])}\``,
    );
  }
  if (await isFolder(name)) return await loadFolder(resolve(name), split);
  const known = [...Object.keys(KNOWN_DATASETS), "synthetic"].join(", ");
  throw new RangeError(
    `Cannot load images: expected a folder or one of ${known}, received ${name}`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    const absent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (absent) return false;
    throw error;
  }
}
