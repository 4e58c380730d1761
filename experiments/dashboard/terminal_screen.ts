/**
 * A run on one screen of a terminal.
 *
 * @module
 */
import { runCommandText } from "../../command_text.ts";
import { significant } from "../../report/numbers.ts";
import { measureOf } from "../run_report/measure.ts";
import { slotsOf } from "../run_report/slots_section.ts";
import { cutTo } from "../terminal/columns.ts";
import { plainText } from "../terminal/plain_text.ts";
import { render } from "../terminal/progress.ts";
import { layOut } from "../terminal/table.ts";
import type { LiveState } from "./live_run.ts";

/** Lines above and below the generations. */
const OTHER_LINES = 16;

/** Slots that are listed, the slowest first. */
const MOST_SLOTS = 4;

/**
 * What is to be seen of a run, as lines that take at most `columns`.
 *
 * @param rows Lines of the terminal; fewer generations are listed on a small one.
 */
export function screenOf(
  { run, progress, problem, share }: LiveState,
  columns: number,
  rows: number,
): string[] {
  if (!run || !progress) return [cutTo(lineOf(`${problem}; waiting`), columns)];
  if (share < 1) return [`The journal is being read: ${Math.floor(100 * share)} %`];
  const { word, of } = measureOf(run);
  const number = (fitness: number | null) => fitness === null ? "-" : significant(of(fitness), 4);
  const { state, open } = progress;
  const bar = render({ label: state, unit: "count", ...progress }, Math.min(columns, 80));
  const listed = run.generations.slice(-Math.max(3, rows - OTHER_LINES));
  const generations = layOut([
    ["generation", `best ${word}`, "median", "best so far", "step size"],
    ...listed.map((one) => [
      `${one.generation}`,
      number(one.bestFitness),
      number(one.medianFitness),
      number(one.bestSoFar),
      significant(one.sigma, 4),
    ]),
  ]);
  const slots = layOut([
    ["slowest slots", "device", "done", "median ms"],
    ...slotsOf(run).slice(0, MOST_SLOTS).map(({ name, device, results, medianMs }) => [
      name,
      device,
      `${results.length}`,
      `${Math.round(medianMs)}`,
    ]),
  ]);
  const failed = run.candidates.filter(({ status }) => status === "failed");
  const last = failed.at(-1);
  const failures = last
    ? `${failed.length} failed; last ${last.generation}/${last.candidate}: ${last.reason}`
    : "No evaluation failed.";
  const next = state === "stopped" || state === "failed"
    ? [`To go on: ${runCommandText("resume", run.directory)}`]
    : [];
  return [
    `${run.name}  ${run.source}`,
    `${bar}${state === "running" ? `, ${open} more drawn` : ""}`,
    "",
    ...generations.split("\n"),
    "",
    ...slots.split("\n"),
    "",
    failures,
    ...next,
  ].map((line) => cutTo(lineOf(line), columns));
}

function lineOf(text: string): string {
  return plainText(text).replaceAll("\n", " ");
}
