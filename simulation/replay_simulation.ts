/**
 * Whether the CSV files of a simulation are what its journal says.
 *
 * @module
 */
import { replay } from "../actors/population/replay.ts";
import { compareTables, type ReplayedTable } from "../actors/population/replayed_tables.ts";
import { SearchProgress } from "../actors/population/search_progress.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readConfiguration } from "../actors/record/run_directory.ts";
import { requireSame } from "../actors/record/same_run.ts";
import { simulationSchema } from "./configuration.ts";
import { prepareSimulation } from "./prepare.ts";

/**
 * Run the events of a simulation's journal through the search again, and compare the CSV files that
 * every run has byte for byte. Nothing in its folder is changed.
 *
 * @param directory The folder of a simulation.
 * @throws {ConfigurationError} If the configuration is not that of the journal.
 * @throws {SyntaxError} If the journal is damaged.
 */
export async function replaySimulation(directory: string): Promise<ReplayedTable[]> {
  const configuration = readConfiguration(directory, "simulation", simulationSchema);
  // What trainings and starts took and gave stands in the journal.
  const { plan } = await prepareSimulation({
    ...configuration,
    cost: "constant:0ms",
    objective: "sphere",
    start: "0s",
  });
  const journal = await readJournal(`${directory}/journal.jsonl`);
  requireSame(journal, { ...configuration }, directory, simulationSchema.entries);
  const progress = new SearchProgress(plan);
  const { rows } = replay(journal, progress);
  return await compareTables(directory, rows, progress.population, []);
}
