/**
 * `deno task search`: evolve a disturbance.
 *
 * @module
 */
import * as v from "valibot";
import { checkOptions, outputOption, searchSchema } from "../actors/configuration.ts";
import { search } from "../actors/search.ts";
import { flagOf, readCommandLine, runCommand } from "./command.ts";
import { watchSearch, winnerText } from "./watch.ts";

const schema = v.strictObject({ ...searchSchema.entries, out: outputOption });

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "search",
    summary: "Evolve the disturbance that makes a network stop generalising.",
    options: schema.entries,
  });
  if (!given) return;
  const { out, ...options } = checkOptions(schema, given, flagOf);
  await using run = search({
    ...options,
    ...(out === undefined ? {} : { directory: out }),
    signal,
  });
  console.log(winnerText(await watchSearch(run)));
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
