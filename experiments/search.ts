/**
 * `search`: evolve a disturbance.
 *
 * @module
 */
import * as v from "valibot";
import { searchSchema } from "../actors/configuration.ts";
import { natsFrom, searchNatsEntries, withoutNats } from "../actors/remote/nats_options.ts";
import { beginSearch } from "../actors/search.ts";
import { checkOptions, flagOf, requireMeaning } from "../options.ts";
import { configOption, namedBy, withConfigurationFile } from "./terminal/configuration_file.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { outputOption } from "./terminal/run_options.ts";
import { watchSearch, winnerText } from "./terminal/watch.ts";

const schema = v.strictObject({ ...searchSchema.entries, ...searchNatsEntries, out: outputOption });

export const commandLine: CommandLine = {
  name: "search",
  summary: "Evolve the disturbance that makes a network stop generalising.",
  options: { config: configOption, ...schema.entries },
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { options, nameOf } = withConfigurationFile(given);
  const { out: directory, ...settled } = checkOptions(schema, options, nameOf);
  requireMeaning(schema.entries, given, settled, flagOf);
  const nats = natsFrom(settled);
  await using run = beginSearch(withoutNats(settled), { directory, signal, nats });
  console.log(winnerText(await watchSearch(run).catch(namedBy(nameOf))));
}

if (import.meta.main) await runCommand(main);
