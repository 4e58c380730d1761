/**
 * What only simulations know: how busy the trainers were, what waited, and what was wasted.
 *
 * @module
 */
import { wastedIn } from "../../simulation/result.ts";
import { ConfigurationError } from "../../options.ts";
import { percent, significant } from "../../report/numbers.ts";
import { note, paragraph, table, type TableCell } from "../../report/page/blocks.ts";
import { lineFigure, type LineSeries } from "../../report/figures/line_figure.ts";
import type { Block, Section } from "../../report/page/page.ts";
import { type LoadStretch, readLoad, readTotals, type SimulatedTotals } from "./read_load.ts";
import type { ReportedRun } from "./reported_run.ts";
import { seriesOfRuns } from "./run_series.ts";

/** A run with what its simulation measured. */
interface SimulatedRun {
  readonly name: string;
  readonly load: readonly LoadStretch[];
  readonly totals: SimulatedTotals;
}

/**
 * Load, waiting, ages and restarts; `undefined` for runs that are none.
 *
 * @throws {ConfigurationError} If a file is damaged.
 */
export function simulationSection(runs: readonly ReportedRun[]): Section | undefined {
  if (runs[0]!.kind !== "simulation") return undefined;
  const title = "Simulated trainers";
  const ended = runs.flatMap(simulatedRunOf);
  const warning = note(
    "Simulated: trainers only waited as long as training would take. Times are virtual.",
  );
  if (ended.length === 0) {
    return { title, content: [warning, paragraph("No simulation came to its end.")] };
  }
  return { title, content: [warning, figuresOf(ended), totalsTable(ended)] };
}

/** None if it did not come to its end. */
function simulatedRunOf({ name, directory }: ReportedRun): SimulatedRun[] {
  try {
    const totals = readTotals(directory);
    const load = readLoad(directory);
    return totals && load.length > 0 ? [{ name, load, totals }] : [];
  } catch (error) {
    if (error instanceof SyntaxError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}

function figuresOf(runs: readonly SimulatedRun[]): Block[] {
  const ends = runs.map(({ load }) => load.at(-1)!.startMs);
  const unit = Math.max(...ends) < 7_200_000
    ? { name: "minutes", ms: 60_000 }
    : { name: "hours", ms: 3_600_000 };
  const x = { column: unit.name, label: `${unit.name} of virtual time` };
  const series = (of: (stretch: LoadStretch, totals: SimulatedTotals) => number): LineSeries[] => {
    const lines = runs.map(({ name, load, totals }) => ({
      name,
      points: load.map((stretch) => ({ x: stretch.startMs / unit.ms, y: of(stretch, totals) })),
    }));
    // Runs end at different times, so there is no median over them.
    return lines.length > 1 ? seriesOfRuns(lines).slice(1) : lines;
  };
  return [
    lineFigure({
      id: "trainers-at-work",
      title: "Trainers at work",
      description: "Share of the trainers that were at an evaluation, whatever became of it.",
      x,
      y: { column: "at_work_percent", label: "at work, %", domain: [0, 100] },
      series: series(({ busy }, { slots }) => 100 * busy / slots),
    }),
    lineFigure({
      id: "waiting",
      title: "Evaluations that waited",
      description: "How many evaluations were drawn and had no trainer yet.",
      x,
      y: { column: "waiting" },
      series: series(({ queued }) => queued),
    }),
  ];
}

function totalsTable(runs: readonly SimulatedRun[]): Block {
  const rows: readonly (readonly [string, (totals: SimulatedTotals) => TableCell])[] = [
    ["trainers", ({ slots }) => slots],
    ["restarts of trainers", ({ restarts }) => restarts],
    ["evaluations begun", ({ attempts }) => attempts],
    ["wasted, %", ({ wasted, attempts }) => percent(wastedIn(wasted) / Math.max(1, attempts))],
    ["· too late to count", ({ wasted }) => wasted.late],
    ["· twice", ({ wasted }) => wasted.duplicate],
    ["· lost with their trainer", ({ wasted }) => wasted.lost],
    ["· unfinished at the end", ({ wasted }) => wasted.unfinished],
    ["age of a result, mean", ({ ages }) => significant(ages.mean, 3)],
    ["age of a result, largest", ({ ages }) => ages.max],
    ["waiting for a trainer, mean", ({ queue }) => significant(queue.mean, 3)],
    ["waiting for a trainer, most", ({ queue }) => queue.max],
  ];
  return table({
    caption: "Trainers and evaluations of the simulation",
    columns: ["what", ...runs.map(({ name }) => name)],
    rows: rows.map(([what, of]) => [what, ...runs.map(({ totals }) => of(totals))]),
  });
}
