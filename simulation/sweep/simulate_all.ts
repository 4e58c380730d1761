/**
 * Many simulations, on all cores.
 *
 * @module
 */
import { RunStopped } from "../../actors/population/run.ts";
import { askAll } from "../../actors/runtime/ask_all.ts";
import { createActorSystem } from "../../actors/runtime/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { Outcome, Simulate, Simulated } from "./simulator.ts";

/** A simulation, and how it is called in errors. */
export interface NamedSimulation {
  readonly name: string;
  readonly options: Simulate["options"];
}

/** How {@linkcode simulateAll} goes about it. */
export interface SimulateAllOptions {
  /** Simulations at the same time, from 1. Default: the number of cores. */
  readonly cores?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called whenever one is done. */
  readonly onDone?: () => void;
}

/**
 * Simulate everything.
 *
 * @returns What each came to, in the order of the simulations; the number of cores changes nothing.
 * @throws {ConfigurationError} If one has no result; its name is in the message.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function simulateAll(
  simulations: readonly NamedSimulation[],
  { cores = navigator.hardwareConcurrency, signal, onDone }: SimulateAllOptions = {},
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(simulations.length);
  await using system = createActorSystem({ stopMs: 1500, ...(signal && { signal }) });
  const slots = Array.from({ length: Math.min(cores, simulations.length) }, (_, slot) => `${slot}`);
  try {
    const supervisor = await system.supervise({
      name: "simulators",
      order: "parallel",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: slots.map((id) => ({
        id,
        start: new URL("./simulator.ts", import.meta.url),
        placement: { kind: "worker" },
        shutdownMs: 1200,
      })),
    });
    const questions = simulations.map(({ options }): Simulate => ({ type: "Simulate", options }));
    await askAll<Simulate, Simulated>(questions, {
      system,
      supervisor,
      ids: slots,
      signal,
      onAnswer: (index, answer) => {
        if (answer.type === "Refused") {
          throw new ConfigurationError(
            `Cannot simulate ${simulations[index]!.name}: ${answer.reason}`,
          );
        }
        outcomes[index] = answer.outcome;
        onDone?.();
      },
    });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  if (signal?.aborted) throw new RunStopped("The simulations were stopped");
  return outcomes;
}
