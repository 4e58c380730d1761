/**
 * The commands of a run, to be copied: what begins it, what continues it, what tests what it found.
 *
 * @module
 */
import { commandText, runCommandText } from "../../command_text.ts";
import { describeOption, flagOf, type OptionSchemas } from "../../options.ts";
import { table, type TableCell } from "../../report/page/blocks.ts";
import { html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import { simulationSchema } from "../../simulation/configuration.ts";
import type { ReportedRun } from "./reported_run.ts";

/** What can be typed for each run. */
export function commandsSection(runs: readonly ReportedRun[]): Section {
  const rows = runs.flatMap((run) =>
    commandsOf(run).map(([what, text]): TableCell[] => [
      runs.length === 1 ? what : `${run.name}: ${what}`,
      html`<code>${text}</code>`,
    ])
  );
  return {
    title: "Commands",
    content: [table({ caption: "What to type", columns: ["to", "command"], rows })],
  };
}

function commandsOf(run: ReportedRun): [what: string, text: string][] {
  const { directory, isFinished, isRunning, candidates } = run;
  const commands: [string, string][] = [];
  if (run.kind === "search") {
    commands.push([
      "begin the same again",
      commandText("search", ["--config", `${directory}/config.json`, "--out", "RUN"]),
    ]);
  }
  if (run.kind === "simulation") {
    commands.push([
      "begin the same again",
      commandText("simulate", [
        ...chosen(run.configuration, simulationSchema.entries),
        "--out",
        "RUN",
      ]),
    ]);
  }
  const isContinuable = run.kind !== "simulation" && !isRunning;
  if (isContinuable && !isFinished) {
    commands.push(["go on", runCommandText("resume", directory)]);
    if (candidates.some(({ fitness }) => fitness !== null)) {
      commands.push(["name its winner as it is", runCommandText("finish", directory)]);
    }
  }
  if (isContinuable && isFinished) {
    const more = `${2 * run.configuration.generations}`;
    commands.push([
      "go on for longer",
      `${runCommandText("resume", directory)} --generations ${more}`,
    ]);
  }
  if (run.kind === "search" && isFinished) {
    commands.push(["test what it found", runCommandText("evaluate", directory)]);
  }
  return [...commands, ["write its report", runCommandText("report", directory)]];
}

/** The options that are not what they would be if they were left out. */
function chosen(configuration: object, entries: OptionSchemas): string[] {
  const values = new Map<string, unknown>(Object.entries(configuration));
  return Object.entries(entries).flatMap(([option, schema]) => {
    const value = values.get(option);
    const { kind, default: fallback } = describeOption(schema);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(fallback)) return [];
    const text = kind === "list"
      ? (value as readonly string[]).map((item) => item.replaceAll(",", "\\,")).join(",")
      : String(value);
    return text.startsWith("-") ? [`${flagOf(option)}=${text}`] : [flagOf(option), text];
  });
}
