/**
 * Finds out whether a module can measure, by starting a measurer of it on a thread of its own: what
 * the module does when it is loaded is not done on this one.
 *
 * @module
 */
import { ConfigurationError } from "./configuration.ts";
import type { MeasurerInit } from "./measurer.ts";
import { RunStopped } from "./run.ts";
import { actorRef, createActorSystem, describeExit, EscalationError } from "./runtime/mod.ts";

/** The module whose `start` starts a measurer. */
export const MEASURER = new URL("./measurer.ts", import.meta.url);

/**
 * @param evaluator URL of the module.
 * @throws {ConfigurationError} If it cannot be loaded, or exports no objective.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function checkEvaluator(evaluator: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new RunStopped("The search was stopped");
  await using system = createActorSystem({ signal });
  const init: MeasurerInit = {
    evaluator,
    slot: "probe",
    device: "cpu",
    sampler: actorRef("nobody"),
    updater: actorRef("nobody"),
  };
  try {
    await system.supervise({
      name: "probe",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: [{ id: "measurer", start: MEASURER, placement: { kind: "worker" }, init }],
    });
  } catch (error) {
    if (signal.aborted) throw new RunStopped("The search was stopped");
    if (!(error instanceof EscalationError)) throw error;
    const { reason } = error;
    const why = reason.kind === "failed" ? reason.error.message : describeExit(reason);
    const [line] = why.split("\n");
    throw new ConfigurationError(
      line!.startsWith("Cannot use") ? line! : `Cannot use the evaluator ${evaluator}: ${line}`,
      { cause: error },
    );
  }
}
