/**
 * Clean-test accuracy of networks that were trained on disturbed images, over all devices.
 *
 * @module
 */
import type { Split } from "../datasets/mod.ts";
import { type EngineWish, isGpu, trainerProcess } from "./devices.ts";
import type { Evaluate, EvaluatorInit, TestOutcome } from "./evaluator.ts";
import { RunStopped } from "./run.ts";
import { createActorSystem } from "./runtime/mod.ts";

/** One network to train and test. */
export type EvaluationJob = Omit<Evaluate, "type">;

/** Where networks are trained and tested. */
export interface EvaluationOptions extends EngineWish {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** One trainer for each entry. */
  readonly devices: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called when a job is done, in the order in which they finish. */
  readonly onDone?: (index: number, outcome: TestOutcome) => void;
}

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
  const { devices, train, test, engine, backend, signal, onDone } = options;
  // Workers share one copy of the images; a process, which a GPU needs, loads its own.
  const inProcesses = devices.some(isGpu);
  const images = inProcesses ? { train: train.dataset, test: test.dataset } : { train, test };
  const results = new Array<TestOutcome>(jobs.length);
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
      placement: inProcesses ? trainerProcess("--allow-write") : { kind: "worker" } as const,
      shutdownMs: 1200,
      init: { ...images, engine, backend, device } satisfies EvaluatorInit,
    })),
  });
  let next = 0;
  const work = used.map(async (_, slot) => {
    const evaluator = supervisor.ref<Evaluate, TestOutcome>(`${slot}`);
    while (next < jobs.length && !signal?.aborted) {
      const index = next++;
      const { disturbance, training, subset, seed, weights } = jobs[index]!;
      const outcome = await system.request(
        evaluator,
        { type: "Evaluate", disturbance, training, subset, seed, weights },
        { timeoutMs: Infinity },
      );
      results[index] = outcome;
      onDone?.(index, outcome);
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
