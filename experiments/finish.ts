/**
 * `finish`: name the winner of a run that was stopped early.
 *
 * @module
 */
import * as v from "valibot";
import { searchSchema, workersOption } from "../actors/configuration.ts";
import { resumeMinimize } from "../actors/minimize.ts";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import { natsFrom, searchNatsEntries } from "../actors/remote/nats_options.ts";
import { resume } from "../actors/search.ts";
import { checkOptions, flagOf } from "../options.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { requireContinuable, runOption } from "./terminal/run_options.ts";
import { minimumText, watchSearch, winnerText } from "./terminal/watch.ts";

const schema = v.strictObject({
  run: runOption,
  devices: v.optional(searchSchema.entries.devices.wrapped),
  workers: v.optional(workersOption),
  ...searchNatsEntries,
});

export const commandLine: CommandLine = {
  name: "finish",
  summary:
    "Name the winner of a run that was stopped early: its best candidates are evaluated again, and " +
    "nothing more is searched.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { run: directory, devices, workers, ...others } = checkOptions(schema, given, flagOf);
  const { kind } = readConfigurationFile(directory);
  requireContinuable(kind, "finish", directory, { devices, workers });
  const finishing = { finish: true, nats: natsFrom(others), signal };
  if (kind === "search") {
    await using run = resume(directory, { ...finishing, ...(devices && { devices }) });
    console.log(winnerText(await watchSearch(run)));
  } else {
    await using run = resumeMinimize(directory, { ...finishing, ...(workers && { workers }) });
    console.log(minimumText(await watchSearch(run)));
  }
}

if (import.meta.main) await runCommand(main);
