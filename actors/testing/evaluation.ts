/**
 * Clean-test accuracy of networks that were trained on disturbed images, over all devices.
 *
 * @module
 */
import { askOnDevices, type DeviceOptions } from "./device_pool.ts";
import type { Evaluate, TestOutcome } from "./evaluator.ts";

/** One network to train and test. */
export type EvaluationJob = Omit<Evaluate, "type">;

/** Where networks are trained and tested. */
export type EvaluationOptions = DeviceOptions<TestOutcome>;

/**
 * Train and test a network for each job.
 *
 * @returns What came of them, in the order of the jobs.
 * @throws {RunStopped} If the signal was aborted.
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
  const actor = new URL("./evaluator.ts", import.meta.url);
  return await askOnDevices(actor, messages, options);
}
