/**
 * The images that an experiment trains and tests on.
 *
 * @module
 */
import { type Halves, loadHalves } from "../../actors/testing/halves.ts";
import type { LoadOptions } from "../../datasets/mod.ts";

/** Both halves of a data set. */
export type Data = Omit<Halves, "remarks">;

/**
 * Load both halves, and say on stderr what a person should know of them.
 *
 * @throws {ConfigurationError} If the set is not there, or its halves do not fit each other.
 */
export async function loadData(dataset: string, options: LoadOptions = {}): Promise<Data> {
  const { remarks, ...data } = await loadHalves(dataset, options);
  for (const remark of remarks) console.error(remark);
  return data;
}
