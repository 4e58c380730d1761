/**
 * How well the slots were used, and how old the results were.
 *
 * @module
 */
import type { Evaluated } from "../../actors/record/facts.ts";
import { medianOf } from "../../averages.ts";
import { note, paragraph, table } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { histogramFigure } from "../../report/figures/histogram_figure.ts";
import type { Html } from "../../report/page/html.ts";
import { lineFigure, type LinePoint } from "../../report/figures/line_figure.ts";
import type { Block, Section } from "../../report/page/page.ts";
import type { ReportedRun } from "./reported_run.ts";
import { seriesOfRuns } from "./run_series.ts";
import { utilizationOverTime, workedMs, workPeriods } from "./work_periods.ts";

/** Stretches of time in the figure of the utilisation. */
const STRETCHES = 30;

/** Utilisation, ages and speed. */
export function workSection(runs: readonly ReportedRun[]): Section {
  const utilization = utilizationFigure(runs);
  const ages = ageFigure(runs);
  const figures = [utilization, ages].filter((figure) => figure !== undefined);
  const content: (Block | Block[])[] = [];
  if (figures.length > 0) content.push(figures);
  if (!utilization) content.push(note("There is no log, so the utilisation is not known."));
  if (!ages) {
    content.push(paragraph("Every candidate was drawn from the newest distribution: age 0."));
  }
  return { title: "Utilisation and ages", content: [...content, speedTable(runs)] };
}

function utilizationFigure(runs: readonly ReportedRun[]): Figure | undefined {
  const longest = Math.max(...runs.map((run) => workedMs(workPeriods(run))));
  const unit = timeUnit(longest);
  const lines = runs.map((run) => ({
    name: run.name,
    points: utilizationOverTime(run, STRETCHES)
      .map(({ x, y }): LinePoint => ({ x: x / unit.ms, y: 100 * y })),
  })).filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  // Runs end at different times, so there is no median over them.
  const series = lines.length > 1 ? seriesOfRuns(lines).slice(1) : lines;
  return lineFigure({
    id: "utilisation",
    title: "Utilisation over time",
    description: "Share of the slots' time that was spent on evaluations, finalists included. " +
      "Time between a stop and a resume is left out.",
    x: { column: unit.name, label: `${unit.name} of work` },
    y: {
      column: "utilisation_percent",
      label: "utilisation, %",
      domain: [0, Math.max(100, ...lines.flatMap(({ points }) => points.map(({ y }) => y)))],
    },
    series,
  });
}

function timeUnit(ms: number): { readonly name: string; readonly ms: number } {
  if (ms < 300_000) return { name: "seconds", ms: 1000 };
  return ms < 18_000_000 ? { name: "minutes", ms: 60_000 } : { name: "hours", ms: 3_600_000 };
}

/** `undefined` where no result was old. */
function ageFigure(runs: readonly ReportedRun[]): Figure | undefined {
  const oldest = runs.flatMap(({ candidates }) => candidates)
    .reduce((most, { age }) => Math.max(most, age), 0);
  if (oldest === 0) return undefined;
  const text = {
    id: "ages",
    title: "Ages of candidates",
    description: "By how many updates the distribution had moved on when the result of a " +
      "candidate came.",
  };
  if (runs.length === 1) {
    const values = runs[0]!.candidates.map(({ age }) => age);
    return histogramFigure({ ...text, value: { column: "age", integer: true }, values });
  }
  const lines = runs.map(({ name, candidates }) => ({
    name,
    points: Array.from({ length: oldest + 1 }, (_, age) => ({
      x: age,
      y: 100 * candidates.filter((candidate) => candidate.age === age).length / candidates.length,
    })).filter(({ y }) => Number.isFinite(y)),
  }));
  return lineFigure({
    ...text,
    x: { column: "age", integer: true },
    y: { column: "percent", label: "candidates, %" },
    series: seriesOfRuns(lines).slice(1),
  });
}

function speedTable(runs: readonly ReportedRun[]): Html {
  const rows = runs.flatMap(({ name, candidates, finalists }) => {
    const all = [...candidates, ...finalists];
    const places = [...new Set(all.flatMap((one) => placeOf(one) ?? []))].sort();
    return places.map((place) => {
      const done = all.filter((one) => placeOf(one) === place);
      return [
        name,
        place,
        done.length,
        middle(done.flatMap(({ timings }) => trainTimingOf(timings)?.busyMs ?? [])),
        middle(done.flatMap(({ timings }) => timings.score?.busyMs ?? [])),
        middle(done.flatMap(({ timings }) => trainTimingOf(timings)?.imagesPerSecond || [])),
      ];
    });
  });
  return table({
    caption: "Where evaluations were done, and how long one took (medians)",
    columns: ["run", "device, engine", "evaluations", "train ms", "score ms", "images/s"],
    rows,
  });
}

function trainTimingOf(timings: Evaluated["timings"]) {
  return timings.train ?? timings.measure;
}

function placeOf({ timings }: Evaluated): string | undefined {
  const [timing] = Object.values(timings);
  return timing ? `${timing.device}, ${timing.engine}` : undefined;
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.round(medianOf(values));
}
