/**
 * The images that an experiment trains and tests on.
 *
 * @module
 */
import { ConfigurationError } from "../actors/configuration.ts";
import { loadTest, loadTrain, type Split } from "../datasets/mod.ts";

/** Both halves of a data set. */
export interface Data {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
}

/** @throws {ConfigurationError} If the set is not there. */
export async function loadData(dataset: string): Promise<Data> {
  try {
    return { train: await loadTrain(dataset), test: await loadTest(dataset) };
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}
