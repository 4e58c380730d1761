/**
 * Clean-test accuracy of networks that were trained on disturbed images, over all devices.
 *
 * @module
 */
import { loadNetwork, type Network } from "../../models/mod.ts";
import { askOnDevices, type DeviceOptions } from "./device_pool.ts";
import type { Evaluate, TestOutcome } from "./evaluator.ts";
import { RunStopped } from "../population/run.ts";

/** One network to train and test. */
export type EvaluationJob = Omit<Evaluate, "type">;

/** Where networks are trained and tested. */
export type EvaluationOptions = DeviceOptions<TestOutcome>;

/**
 * Train and test a network for each job.
 *
 * @returns What came of them, in the order of the jobs.
 * @throws {RunStopped} If the signal was aborted.
 * @throws {TypeError} If the file of a network cannot be used.
 */
export async function testAccuracies(
  jobs: readonly EvaluationJob[],
  options: EvaluationOptions,
): Promise<TestOutcome[]> {
  const messages = jobs.map((
    { disturbance, training, subset, seed, weights, everyEpoch },
  ): Evaluate => (
    { type: "Evaluate", disturbance, training, subset, seed, weights, everyEpoch }
  ));
  const networks = await networksInFiles(jobs, options);
  const actor = new URL("./evaluator.ts", import.meta.url);
  return await askOnDevices(actor, messages, { ...options, networks });
}

/** Each file that was not loaded before is loaded once, here, where it can be ended. */
async function networksInFiles(
  jobs: readonly EvaluationJob[],
  { train, signal, networks: loaded }: EvaluationOptions,
): Promise<ReadonlyMap<string, Network>> {
  const networks = new Map(loaded);
  const urls = new Set(jobs.map(({ training }) => training.network));
  for (const url of urls) {
    if (!url.startsWith("file:") || networks.has(url)) continue;
    try {
      networks.set(url, await loadNetwork(url, train.shape, train.classNames.length, { signal }));
    } catch (error) {
      if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
      throw error;
    }
  }
  return networks;
}
