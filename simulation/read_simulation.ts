/**
 * A simulated run on disk, read back.
 *
 * @module
 */
import type { Minimum } from "../actors/record/minimum.ts";
import { readPopulation, type RecordedPopulation } from "../actors/open_run.ts";
import type { JournalContents } from "../actors/record/journal.ts";
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

/**
 * Read a simulated run, and its journal.
 *
 * @throws {ConfigurationError} If it is none, or one of its files is damaged.
 */
export async function readSimulation(
  directory: string,
): Promise<{ readonly run: RecordedSimulation; readonly journal: JournalContents }> {
  return await readPopulation(directory, find);
}

function find(
  directory: string,
): Pick<RecordedSimulation, "kind" | "configuration" | "best"> {
  const configuration = readConfiguration(directory, "simulation", simulationSchema);
  return { kind: "simulation", configuration, best: findMinimum(directory) };
}
