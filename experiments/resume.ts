/**
 * `resume`: continue a run that was stopped or has crashed, or extend one.
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
  generations: v.optional(searchSchema.entries.generations.wrapped),
  devices: v.optional(searchSchema.entries.devices.wrapped),
  workers: v.optional(workersOption),
  ...searchNatsEntries,
});

export const commandLine: CommandLine = {
  name: "resume",
  summary:
    "Continue a search or a run of minimize; with more --generations than before, extend it.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { run: directory, ...options } = checkOptions(schema, given, flagOf);
  const { kind } = readConfigurationFile(directory);
  const { generations, devices, workers } = options;
  requireContinuable(kind, "resume", directory, { devices, workers });
  const nats = natsFrom(options);
  const changed = { ...(generations === undefined ? {} : { generations }), nats, signal };
  if (kind === "search") {
    await using run = resume(directory, { ...changed, ...(devices && { devices }) });
    console.log(winnerText(await watchSearch(run)));
  } else {
    await using run = resumeMinimize(directory, { ...changed, ...(workers && { workers }) });
    console.log(minimumText(await watchSearch(run)));
  }
}

if (import.meta.main) await runCommand(main);
