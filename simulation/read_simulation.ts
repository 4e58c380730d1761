/**
 * A simulated run on disk, read back.
 *
 * @module
 */
import type { Minimum } from "../actors/record/minimum.ts";
import type { RecordedPopulation } from "../actors/open_run.ts";
import { findMinimum, readConfiguration } from "../actors/record/run_directory.ts";
import { simulationSchema, type SimulationSettings } from "./configuration.ts";

/** A run of {@linkcode simulate}. */
export interface RecordedSimulation extends RecordedPopulation {
  /** What was done. */
  readonly kind: "simulation";
  /** Every option, with the defaults filled in. */
  readonly configuration: SimulationSettings;
  /** The winner; `null` before one is named. */
  readonly best: Minimum | null;
}

/** Of a simulation, for `populationOf`. */
export function findSimulated(
  directory: string,
): Pick<RecordedSimulation, "kind" | "configuration" | "best"> {
  const configuration = readConfiguration(directory, "simulation", simulationSchema);
  return { kind: "simulation", configuration, best: findMinimum(directory) };
}
