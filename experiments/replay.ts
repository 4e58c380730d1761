/**
 * `replay`: check the CSV files of a run against its journal.
 *
 * @module
 */
import * as v from "valibot";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import { replaySearch } from "../actors/search.ts";
import { checkOptions, ConfigurationError, flagOf } from "../options.ts";
import { replaySimulation } from "../simulation/replay_simulation.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { runOption } from "./terminal/run_options.ts";

const schema = v.strictObject({ run: runOption });

export const commandLine: CommandLine = {
  name: "replay",
  summary: "Run the journal of a run through the search again, and compare the CSV files.",
  options: schema.entries,
};

export async function main(args: readonly string[]): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { run } = checkOptions(schema, given, flagOf);
  const isSimulated = readConfigurationFile(run).kind === "simulation";
  const tables = await (isSimulated ? replaySimulation(run) : replaySearch(run));
  for (const { file, differsAt } of tables) {
    console.log(`${file}: ${differsAt === null ? "identical" : `differs at line ${differsAt}`}`);
  }
  if (tables.some(({ differsAt }) => differsAt !== null)) {
    throw new ConfigurationError(`The CSV files in ${run} are not what its journal says`);
  }
}

if (import.meta.main) await runCommand(main);
