/**
 * The images that networks are trained and tested on.
 *
 * @module
 */
import {
  checkHalves,
  imagesSha256,
  type LoadOptions,
  loadTest,
  loadTrain,
  type Split,
} from "../../datasets/mod.ts";
import { ConfigurationError } from "../../options.ts";

/** Both halves of a data set. */
export interface Halves {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** Which images each half holds: what came of other ones is not found under the same name. */
  readonly sha256: { readonly train: string; readonly test: string };
  /** What a person should know of them, such as files that are not read. */
  readonly remarks: readonly string[];
}

/**
 * Load both halves.
 *
 * @throws {ConfigurationError} If the set is not there, or its halves do not fit each other.
 */
export async function loadHalves(dataset: string, options: LoadOptions = {}): Promise<Halves> {
  try {
    const train = await loadTrain(dataset, options);
    const test = await loadTest(dataset, options);
    checkHalves(train, test);
    const sha256 = { train: imagesSha256(train), test: imagesSha256(test) };
    const remarks = new Set([train, test].flatMap(({ remarks = [] }) => remarks));
    return { train, test, sha256, remarks: [...remarks] };
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}
