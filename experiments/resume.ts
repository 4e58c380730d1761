/**
 * `deno task resume`: continue a search that was stopped or has crashed, or extend one.
 *
 * @module
 */
import * as v from "valibot";
import { checkOptions, runOption, searchSchema } from "../actors/configuration.ts";
import { resume } from "../actors/search.ts";
import { flagOf, readCommandLine, runCommand } from "./command.ts";
import { watchSearch, winnerText } from "./watch.ts";

const schema = v.strictObject({
  run: runOption,
  generations: v.optional(searchSchema.entries.generations.wrapped),
  devices: v.optional(searchSchema.entries.devices.wrapped),
});

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "resume",
    summary: "Continue a search; with more --generations than before, extend it.",
    options: schema.entries,
  });
  if (!given) return;
  const { run: directory, generations, devices } = checkOptions(schema, given, flagOf);
  await using run = resume(directory, {
    ...(generations === undefined ? {} : { generations }),
    ...(devices === undefined ? {} : { devices }),
    signal,
  });
  console.log(winnerText(await watchSearch(run)));
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
