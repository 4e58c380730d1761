/**
 * `dashboard`: a page that shows all runs of a folder while they run.
 *
 * @module
 */
import * as v from "valibot";
import { checkOptions, ConfigurationError, flagOf, integer, text } from "../options.ts";
import { listens, reads, requirePermissions } from "../permissions.ts";
import { Dashboard } from "./dashboard/app.ts";
import { serve } from "./dashboard/serve.ts";
import { findRuns } from "./dashboard/runs_folder.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";

const LOCAL = "127.0.0.1";

/** Every option. */
const schema = v.strictObject({
  runs: v.optional(text("the path of a folder", "where the runs are"), "runs"),
  port: v.optional(integer(0, 65535, "where the page is served; 0 is any that is free"), 8080),
  host: v.optional(
    text("an IPv4 address", "serve it there, such as 0.0.0.0 for other machines; needs --token"),
    LOCAL,
  ),
  token: v.optional(
    v.pipe(
      text("at least 16 characters", "who opens the page must give it, as ?token=TOKEN"),
      v.minLength(16, "at least 16 characters"),
    ),
  ),
});

export const commandLine: CommandLine = {
  name: "dashboard",
  summary: "A page in the browser that shows all runs of a folder while they run.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { runs, host, port: wanted, token } = checkOptions(schema, given, flagOf);
  if (host !== LOCAL && token === undefined) {
    throw new ConfigurationError(
      `Option --host ${host} needs --token, as others can open the page`,
    );
  }
  requirePermissions([
    reads(runs, "the folder of the runs"),
    listens(host, wanted, "the page"),
  ]);
  const folder = runs.replace(/(?<=.)\/+$/, "");
  findRuns(folder);
  using dashboard = new Dashboard(folder);
  const { port, finished } = await serve(dashboard, { host, port: wanted, token }, signal);
  const ending = token === undefined ? "" : `?token=${encodeURIComponent(token)}`;
  console.log(`Dashboard  http://${host}:${port}/${ending}\nCtrl-C ends it; the runs go on.`);
  await finished;
}

if (import.meta.main) await runCommand(main);
