/**
 * One figure for any number of runs: each run's line and, with several, their median.
 *
 * @module
 */
import type { GenerationDone } from "../../actors/record/facts.ts";
import { medianOf } from "../../averages.ts";
import type { Axis } from "../../report/figures/axis.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { lineFigure, type LinePoint, type LineSeries } from "../../report/figures/line_figure.ts";
import type { ReportedRun } from "./reported_run.ts";
import type { FigureText } from "../../report/figures/svg.ts";

/** The axis of all figures over generations. */
export const GENERATION: Axis = { column: "generation", integer: true };

/** With more runs than this their lines are grey: so many colours cannot be told apart. */
const MOST_COLORS = 6;

/** A quantity over generations, for all runs; `undefined` if no run has it. */
export function generationFigure(
  text: FigureText,
  y: Axis,
  runs: readonly ReportedRun[],
  valueOf: (generation: GenerationDone) => number | null,
): Figure | undefined {
  const series = seriesOfRuns(
    runs.map(({ name, generations }) => ({ name, points: pointsOf(generations, valueOf) })),
  );
  if (series.length === 0) return undefined;
  return lineFigure({ ...text, x: GENERATION, y: { ...y, log: isWide(series) }, series });
}

/** Points of the generations that have a value. */
export function pointsOf(
  generations: readonly GenerationDone[],
  valueOf: (generation: GenerationDone) => number | null,
): LinePoint[] {
  return generations.flatMap((done) => {
    const value = valueOf(done);
    return value === null ? [] : [{ x: done.generation, y: value }];
  });
}

/** Lines of runs, with their median as far as all of them go. */
export function seriesOfRuns(
  lines: readonly { readonly name: string; readonly points: readonly LinePoint[] }[],
): LineSeries[] {
  const drawn = lines.filter(({ points }) => points.length > 0);
  if (drawn.length < 2) return drawn;
  const each = drawn.map((line): LineSeries =>
    drawn.length > MOST_COLORS ? { ...line, style: "faint", legend: "each run" } : line
  );
  return [{ name: "median", style: "bold", points: medianLine(drawn) }, ...each];
}

/** Whether lines with positive values span so much that small ones need a logarithmic axis. */
export function isWide(series: readonly LineSeries[]): boolean {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y));
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return low > 0 && high / low > 20;
}

function medianLine(lines: readonly { readonly points: readonly LinePoint[] }[]): LinePoint[] {
  const byX = lines.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  return lines[0]!.points.flatMap(({ x }) => {
    const values = byX.flatMap((line) => line.get(x) ?? []);
    return values.length < lines.length ? [] : [{ x, y: medianOf(values) }];
  });
}
