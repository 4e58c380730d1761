/**
 * The images that an experiment trains and tests on.
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
export interface Data {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** Which images each half holds: what came of other ones is not found under the same name. */
  readonly sha256: { readonly train: string; readonly test: string };
}

/**
 * Load both halves, and say on stderr what a person should know of them.
 *
 * @throws {ConfigurationError} If the set is not there, or its halves do not fit each other.
 */
export async function loadData(dataset: string, options: LoadOptions = {}): Promise<Data> {
  try {
    const train = await loadTrain(dataset, options);
    const test = await loadTest(dataset, options);
    checkHalves(train, test);
    const remarks = new Set([train, test].flatMap(({ remarks = [] }) => remarks));
    for (const remark of remarks) console.error(remark);
    return { train, test, sha256: { train: imagesSha256(train), test: imagesSha256(test) } };
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}
