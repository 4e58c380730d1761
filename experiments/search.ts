/**
 * `deno task search`: evolve a disturbance.
 *
 * @module
 */
import * as v from "valibot";
import { searchSchema } from "../actors/configuration.ts";
import { beginSearch } from "../actors/search.ts";
import { checkOptions, requireMeaning } from "../options.ts";
import { flagOf, readCommandLine, runCommand } from "./terminal/command.ts";
import { outputOption } from "./run_options.ts";
import { watchSearch, winnerText } from "./terminal/watch.ts";

const schema = v.strictObject({ ...searchSchema.entries, out: outputOption });

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "search",
    summary: "Evolve the disturbance that makes a network stop generalising.",
    options: schema.entries,
  });
  if (!given) return;
  const { out: directory, ...options } = checkOptions(schema, given, flagOf);
  requireMeaning(schema.entries, given, options, flagOf);
  await using run = beginSearch(options, { directory, signal });
  console.log(winnerText(await watchSearch(run)));
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
