/**
 * `report`: one page with tables and figures of one run, or of several side by side.
 *
 * @module
 */
import { dirname } from "node:path";
import * as v from "valibot";
import { checkOptions, ConfigurationError, flagOf, list, text } from "../options.ts";
import { reads, replaces, requirePermissions } from "../permissions.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { runReport } from "./run_report/run_report.ts";
import { figuresFolder, writeReport } from "../report/page/write_report.ts";

const PAGE = "a path that ends in .html";

/** Every option. */
const schema = v.strictObject({
  run: list(
    "folders of runs, such as runs/a or runs/a,runs/b",
    "one run, or several to compare; a comma in a name is written \\,",
  ),
  out: v.optional(
    v.pipe(
      text(
        PAGE,
        "the page, with a folder of its figures beside it; RUN/report.html if left out",
      ),
      v.endsWith(".html", PAGE),
    ),
  ),
});

export const commandLine: CommandLine = {
  name: "report",
  summary: "Tables and figures of a run, or of several side by side, as one HTML page.",
  options: schema.entries,
};

export async function main(args: readonly string[]): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { run: directories, out } = checkOptions(schema, given, flagOf);
  if (directories.length > 1 && out === undefined) {
    throw new ConfigurationError(
      "Option --out is missing: a report of several runs needs a path, such as runs/report.html",
    );
  }
  const path = out ?? `${directories[0]!.replace(/\/+$/, "")}/report.html`;
  requirePermissions([
    ...directories.map((run) => reads(run, "the folder of a run")),
    ...replaces(dirname(path), "the page and its figures"),
  ]);
  if (isFolder(path)) {
    throw new ConfigurationError(`Option --out must be a file for the page; ${path} is a folder`);
  }
  const page = await runReport(directories);
  try {
    writeReport(path, page);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  const figures = path.replace(/[^/]*$/, "") + figuresFolder(path);
  console.log(`Report     ${path}\nFigures    ${figures}/*.svg, *.csv`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw cannotWrite(path, error);
  }
}

/** What the operating system refused is the user's to change; anything else is not. */
function cannotWrite(path: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  return new ConfigurationError(`Cannot write ${path}: ${error.message}`, { cause: error });
}

if (import.meta.main) await runCommand(main);
