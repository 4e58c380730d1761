/**
 * Clean-test accuracy of networks that were trained on disturbed images, over all devices.
 *
 * @module
 */
import type { Disturbance, Split } from "../datasets/mod.ts";
import { isGpu, trainerProcess } from "./devices.ts";
import type { Evaluate, EvaluatorInit, TestScores } from "./evaluator.ts";
import { RunStopped } from "./run.ts";
import { createActorSystem } from "./runtime/mod.ts";

/** One network to train and test. */
export interface EvaluationJob {
  readonly disturbance: Disturbance;
  readonly seed: number;
}

/** How networks are trained and tested. */
export interface EvaluationOptions extends Omit<EvaluatorInit, "device" | "train" | "test"> {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** One trainer for each entry. */
  readonly devices: readonly string[];
  readonly signal?: AbortSignal;
  /** Called when a job is done, in the order in which they finish. */
  readonly onDone?: (index: number, scores: TestScores) => void;
}

/**
 * Train and test a network for each job.
 *
 * @returns The scores, in the order of the jobs.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function testAccuracies(
  jobs: readonly EvaluationJob[],
  options: EvaluationOptions,
): Promise<TestScores[]> {
  const { devices, train, test, signal, onDone, ...rest } = options;
  // Workers share one copy of the images; a process, which a GPU needs, loads its own.
  const inProcesses = devices.some(isGpu);
  const images = inProcesses ? { train: train.dataset, test: test.dataset } : { train, test };
  const results = new Array<TestScores>(jobs.length);
  if (jobs.length === 0) return results;
  await using system = createActorSystem({ stopMs: 1500, ...(signal && { signal }) });
  const used = devices.slice(0, jobs.length);
  const supervisor = await system.supervise({
    name: "evaluators",
    order: "parallel",
    intensity: { maxRestarts: 0, withinMs: 1 },
    children: used.map((device, index) => ({
      id: `${index}`,
      start: new URL("./evaluator.ts", import.meta.url),
      placement: inProcesses ? trainerProcess() : { kind: "worker" } as const,
      shutdownMs: 1200,
      init: { ...rest, ...images, device } satisfies EvaluatorInit,
    })),
  });
  let next = 0;
  const work = used.map(async (_, slot) => {
    const evaluator = supervisor.ref<Evaluate, TestScores>(`${slot}`);
    while (next < jobs.length && !signal?.aborted) {
      const index = next++;
      const scores = await system.request(evaluator, { type: "Evaluate", ...jobs[index]! }, {
        timeoutMs: Infinity,
      });
      results[index] = scores;
      onDone?.(index, scores);
    }
  });
  try {
    await Promise.race([Promise.all(work), supervisor.ended]);
  } catch (error) {
    if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  }
  if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
  return results;
}

/** Mean and standard deviation of the sample (n - 1; 0 for one value). */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
