/**
 * What was searched: how far it came, on which data, and with which options.
 *
 * @module
 */
import { TOLD_TO_FINISH } from "../../actors/population/stopper.ts";
import { runCommandText } from "../../command_text.ts";
import { durationText } from "../../duration.ts";
import { percent } from "../../report/numbers.ts";
import { note, table } from "../../report/page/blocks.ts";
import type { Html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import type { ReportedRun } from "./reported_run.ts";
import { utilization, workedMs, workPeriods } from "./work_periods.ts";

/** Status, data and options of all runs, side by side. */
export function configurationSection(runs: readonly ReportedRun[]): Section {
  const names = runs.map(({ name }) => name);
  const facts = runs.map(factsOf);
  const overview = table({
    caption: "Overview",
    columns: ["what", ...names],
    rows: Object.keys(facts[0]!).map((fact) => [fact, ...facts.map((one) => one[fact] ?? "")]),
  });
  return {
    title: "Configuration",
    content: [
      ...runs.flatMap(notesOf),
      ...(runs.length === 1 ? [[overview, ...optionTables(runs)]] : [overview, optionTables(runs)]),
    ],
  };
}

function notesOf({ name, directory, isFinished, generations, ...run }: ReportedRun): Html[] {
  const notes: string[] = [];
  const isSimulated = run.kind === "simulation";
  if (isSimulated) {
    notes.push(
      `${name} was simulated: nothing was trained, and its times are those of a virtual clock.`,
    );
  }
  if (!isFinished) {
    const hint = isSimulated || run.isRunning
      ? ""
      : ` To go on: ${runCommandText("resume", directory)}`;
    notes.push(
      `${name} is ${
        run.isRunning ? "running" : "not finished"
      }: ${generations.length} of ${run.configuration.generations} generations ` +
        `are done.${hint}`,
    );
  }
  if (run.tornBytes > 0) {
    notes.push(
      `The end of ${directory}/journal.jsonl is not whole: its ${run.tornBytes} bytes are left out.`,
    );
  }
  return notes.map(note);
}

function factsOf(run: ReportedRun): Record<string, string> {
  const { candidates, finalists, generations } = run;
  const all = [...candidates, ...finalists];
  const periods = workPeriods(run);
  const share = utilization(run);
  return {
    status: run.isRunning ? "running" : run.isFinished ? "finished" : "not finished",
    ...(run.summary?.ended && { "ended early": run.summary.ended }),
    data: run.source,
    folder: run.directory,
    generations: `${generations.length} of ${run.configuration.generations}`,
    evaluations: `${candidates.length} in the search, ${finalists.length} of finalists`,
    failed: `${all.filter(({ status }) => status === "failed").length}`,
    ...(!("pruner" in run.configuration) || run.configuration.pruner === undefined ? {} : {
      pruned: `${all.filter(({ status }) => status === "pruned").length}`,
    }),
    "too late to count": `${tooLate(run)}`,
    "time at work": periods.length === 0 ? "not known" : durationText(workedMs(periods)),
    slots: [...new Set(periods.map(({ slots }) => slots))].join(", then ") || "not known",
    utilisation: share === null ? "not known" : `${percent(share)} %`,
    Deno: run.deno,
  };
}

/** Results from a distribution that was too old, or that came when the search was over. */
function tooLate({ candidates, generations, configuration, summary }: ReportedRun): number {
  const last = generations.at(-1);
  if (!last) return 0;
  const { ended = null } = summary ?? {};
  // Who finishes a run by hand does so in the middle of a generation, whose results count.
  const isOver = generations.length === configuration.generations ||
    (ended !== null && ended !== TOLD_TO_FINISH);
  return last.wasted + (isOver ? candidates.length - last.evaluations : 0);
}

function optionTables(runs: readonly ReportedRun[]): Html[] {
  const chosen = runs.map(({ configuration }) =>
    new Map<string, unknown>(Object.entries(configuration))
  );
  const options = [...new Set(chosen.flatMap((values) => [...values.keys()]))];
  const rows = options.map((option) => [
    option,
    ...chosen.map((values) => optionText(values.get(option))),
  ]);
  const isSame = ([, first, ...rest]: readonly string[]) => rest.every((text) => text === first);
  const same = rows.filter(isSame).map((row) => row.slice(0, 2));
  const different = rows.filter((row) => !isSame(row));
  const names = runs.map(({ name }) => name);
  const common = table({
    caption: runs.length === 1 ? "Options" : "Options that all runs have in common",
    columns: ["option", "value"],
    rows: same,
  });
  if (runs.length === 1) return [common];
  const differing = different.length === 0 ? note("All runs have the same options.") : table({
    caption: "Options that differ",
    columns: ["option", ...names],
    rows: different,
  });
  return [differing, common];
}

/** Longer ones are cut. */
const MOST_CHARACTERS = 60;

function optionText(value: unknown): string {
  if (value === undefined) return "left out";
  if (value === null) return "none";
  const text = Array.isArray(value)
    ? value.map(optionText).join(", ")
    : typeof value === "object"
    ? Object.values(value).map(optionText).join(", ")
    : String(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
