/**
 * A whole search on a virtual clock, as one call.
 *
 * @module
 */
import type { Minimum } from "../actors/record/minimum.ts";
import { Run } from "../actors/population/run.ts";
import { RunDirectory } from "../actors/record/run_directory.ts";
import { VirtualClock } from "../actors/runtime/mod.ts";
import type { SimulationSettings } from "./configuration.ts";
import { noFiles, noFolder, unsyncedFiles } from "./files.ts";
import { prepareSimulation } from "./prepare.ts";
import type { SimulationResult } from "./result.ts";
import { runSimulation, type SimulationEvent, simulationId } from "./run_simulation.ts";

/** Options of {@linkcode simulate}. */
export interface SimulateOptions extends Partial<SimulationSettings> {
  /** Folder for the run; must not exist. Default: nothing is written. */
  readonly directory?: string | undefined;
  /** Stops the simulation; `result` then rejects with {@linkcode RunStopped}. */
  readonly signal?: AbortSignal | undefined;
}

/** A simulation that has begun. Its `directory` is empty if nothing is written. */
export type SimulationRun = Run<SimulationEvent, SimulationResult, Minimum>;

/**
 * Simulate a search: the sampler, the updater, the supervisors, the mailboxes, the journal and the
 * tables are those of a real one, and only the trainers wait on a virtual clock instead of training.
 * The same options give the same events, results and bytes, on any machine.
 *
 * @returns A run: iterate it for its events, await its `result`. The result rejects with a
 * {@linkcode ConfigurationError} for options that cannot be used, before anything is written, and at
 * its end if all candidates failed.
 *
 * @example How busy are 64 trainers whose times differ?
 * ```ts
 * import { simulate } from "@mddes/mddes/simulation";
 *
 * await using run = simulate({ trainers: ["64"], population: 64, cost: "lognormal:30s,1" });
 * const { utilization, seconds } = await run.result;
 * ```
 */
export function simulate(options: SimulateOptions = {}): SimulationRun {
  const { directory, signal, ...settings } = options;
  return new Run(async (run) => {
    const prepared = await prepareSimulation(settings, run.signal);
    const clock = new VirtualClock();
    if (directory === undefined) {
      const world = { clock, files: noFiles, folder: noFolder, how: "begin" } as const;
      return await runSimulation(prepared, world, run);
    }
    using folder = RunDirectory.create(directory, {
      id: simulationId(prepared),
      resumes: false,
    });
    const world = { clock, files: unsyncedFiles, folder, how: "begin" } as const;
    return await runSimulation(prepared, world, run);
  }, { directory: directory ?? "", signal });
}
