/**
 * What went wrong: candidates without a result, and actors that were lost.
 *
 * @module
 */
import { note, paragraph, table, type TableCell } from "../../report/page/blocks.ts";
import type { Html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import { candidateCell } from "./candidate_cell.ts";
import { momentText } from "./moment.ts";
import type { ReportedRun } from "./reported_run.ts";

/** Longer tables are cut. */
const MOST_ROWS = 30;

/** Failed candidates and lost actors, with the reasons. */
export function failuresSection(runs: readonly ReportedRun[]): Section {
  const failed = runs.flatMap((run) =>
    [...run.candidates, ...run.finalists].filter(({ status }) => status === "failed")
      .map((one): TableCell[] => [
        run.name,
        candidateCell(run, one),
        one.repeat === 0 ? "search" : `finalist, repeat ${one.repeat}`,
        one.reason,
      ])
  );
  const pruned = runs.filter(({ configuration }) =>
    "pruner" in configuration && configuration.pruner !== undefined
  )
    .map(({ name, candidates }): TableCell[] => [
      name,
      candidates.filter(({ status }) => status === "pruned").length,
      candidates.length,
    ]);
  const lost = runs.flatMap((run) =>
    run.log.filter(({ level, lost }) => level === "error" && lost !== undefined)
      .map(({ time, actor, text }): TableCell[] => [run.name, actor, momentText(run, time), text])
  );
  return {
    title: "Failures",
    content: [
      ...listed(
        failed,
        "Evaluations that failed; they count as the worst",
        ["run", "candidate", "part", "reason"],
        "No evaluation failed.",
      ),
      ...(pruned.length === 0 ? [] : [table({
        caption: "Candidates that the pruner ended early: no failures, but they count as the worst",
        columns: ["run", "pruned", "candidates"],
        rows: pruned,
      })]),
      ...runs.flatMap(({ unreadLog }) => unreadLog === undefined ? [] : [note(unreadLog)]),
      ...listed(
        lost,
        "Actors that were lost and started again; their work was given to others",
        ["run", "actor", "time", "reason"],
        "No actor was lost.",
      ),
    ],
  };
}

function listed(
  rows: readonly TableCell[][],
  caption: string,
  columns: readonly string[],
  none: string,
): Html[] {
  if (rows.length === 0) return [paragraph(none)];
  const shown = table({ caption, columns, rows: rows.slice(0, MOST_ROWS) });
  const left = rows.length - MOST_ROWS;
  return left > 0 ? [shown, paragraph(`And ${left} more.`)] : [shown];
}
