/**
 * The page of a sweep: what was simulated, and a figure for each quantity.
 *
 * @module
 */
import { barFigure } from "../../report/figures/bar_figure.ts";
import type { Axis } from "../../report/figures/axis.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { lineFigure, type LineSeries } from "../../report/figures/line_figure.ts";
import type { FigureText } from "../../report/figures/svg.ts";
import { note, paragraph, table } from "../../report/page/blocks.ts";
import type { ReportPageOptions } from "../../report/page/page.ts";
import { flagOf } from "../../options.ts";
import { numbersOf, type SweptOption } from "./axes.ts";
import type { SweepPlan } from "./plan.ts";
import type { SweepRow } from "./rows.ts";
import { groupsOf, type Spread, spreadOf, summaryTable, wastedShare } from "./summary.ts";

/** What a figure shows. */
interface Quantity extends FigureText {
  readonly axis: Axis;
  readonly of: (row: SweepRow) => number | null;
  /** Whether it is shown even where it is the same everywhere. */
  readonly always?: boolean;
}

const QUANTITIES: readonly Quantity[] = [
  {
    id: "speed-up",
    title: "Speed-up",
    description: "How many times as long one trainer of speed 1 takes with the same options and " +
      "seed; with a target, until it is reached.",
    axis: { column: "speed_up", label: "speed-up" },
    of: (row) => row.speedUp,
    always: true,
  },
  {
    id: "slowdown",
    title: "Slowdown by failures",
    description: "How many times as long it takes as with the same options and seed without " +
      "failures; with a target, until it is reached.",
    axis: { column: "slowdown", label: "slowdown" },
    of: (row) => row.slowdown,
    always: true,
  },
  {
    id: "wall-time",
    title: "Wall time",
    description: "Virtual time from the start until the winner is known.",
    axis: { column: "wall_hours", label: "hours" },
    of: (row) => row.wallSeconds / 3600,
    always: true,
  },
  {
    id: "time-to-target",
    title: "Time to the target",
    description:
      "Virtual time until the first result that was good enough, where every seed had one.",
    axis: { column: "target_hours", label: "hours" },
    of: (row) => row.targetSeconds === null ? null : row.targetSeconds / 3600,
    always: true,
  },
  {
    id: "utilisation",
    title: "Utilisation",
    description: "Share of the trainers' time that was spent on results.",
    axis: { column: "utilisation_percent", label: "utilisation, %", domain: [0, 100] },
    of: (row) => row.utilization === null ? null : 100 * row.utilization,
    always: true,
  },
  {
    id: "evaluations",
    title: "Evaluations",
    description: "Results that the search had until its end, or until its target.",
    axis: { column: "evaluations" },
    of: (row) => row.evaluations,
  },
  {
    id: "wasted",
    title: "Wasted evaluations",
    description:
      "Share of the evaluations that were begun and that nothing was learned from: too " +
      "late, lost with their trainer, or unfinished at the end.",
    axis: { column: "wasted_percent", label: "wasted, %" },
    of: (row) => 100 * wastedShare(row),
  },
  {
    id: "restarts",
    title: "Restarts",
    description: "Trainers that failed and were started again.",
    axis: { column: "restarts" },
    of: (row) => row.restarts,
  },
];

/** The page of a sweep. */
export function sweepPage(plan: SweepPlan, rows: readonly SweepRow[]): ReportPageOptions {
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  const names = plan.axes.map(({ option }) => flagOf(option).slice(2));
  const groups = groupsOf(rows);
  const [columns, ...cells] = summaryTable(plan.axes, groups);
  const spread = seeds === 1 ? "" : ` over ${seeds} seeds, with their range`;
  return {
    title: `Sweep of ${names.join(" and ")}`,
    introduction: [
      note(
        "All of this was simulated: nothing was trained, and times are those of a virtual clock.",
      ),
      paragraph(`${rows.length} simulated searches. Numbers are means${spread}.`),
    ],
    sections: [
      {
        title: "Figures",
        content: [QUANTITIES.flatMap((quantity) => figureOf(quantity, plan.axes, rows) ?? [])],
      },
      {
        title: "Numbers",
        content: [
          table({
            caption: "What each combination came to",
            columns: columns!,
            rows: cells.map((row) => row.map(withRangeBelow)),
          }),
          paragraph("sweep.csv, beside this page, has a row for each simulation."),
        ],
      },
      {
        title: "Options",
        content: [table({
          caption: "What all simulations have in common",
          columns: ["option", "value"],
          rows: Object.entries(plan.shared).filter(([, value]) => value !== undefined)
            .map(([option, value]) => [flagOf(option), `${value}`]),
        })],
      },
    ],
  };
}

/** A narrow cell breaks before the range alone. */
function withRangeBelow(cell: string): string {
  return cell.replaceAll(/ (?!\()/g, "\u00a0");
}

/** `undefined` if there is nothing to show. */
function figureOf(
  { axis, of, always = false, ...text }: Quantity,
  axes: readonly SweptOption[],
  rows: readonly SweepRow[],
): Figure | undefined {
  const points = groupsOf(rows).flatMap((group) => {
    const spread = spreadOf(group, of);
    return spread === null ? [] : [{ texts: group.texts, spread, several: group.rows.length > 1 }];
  });
  if (points.length === 0) return undefined;
  const ends = points.flatMap(({ spread }) => [spread.low, spread.high]);
  if (!always && ends.every((end) => end === ends[0])) return undefined;
  const numeric = axes.findIndex((one) => numbersOf(one) !== undefined);
  const seriesNameOf = (texts: readonly string[]) =>
    axes.flatMap(({ option }, index) => index === numeric ? [] : [`${option} ${texts[index]}`])[0];
  if (numeric < 0) {
    return barFigure({
      ...text,
      category: axes[0]!.option,
      group: axes[1]?.option ?? "what",
      value: axis,
      mark: "dot",
      bars: points.map(({ texts, spread, several }) => ({
        category: texts[0]!,
        group: texts[1] ?? "simulated",
        value: spread.mean,
        ...(several ? rangeOf(spread) : {}),
      })),
    });
  }
  const swept = axes[numeric]!;
  const { numbers, axis: x } = along(swept);
  const xOf = new Map(swept.values.map(({ text }, index) => [text, numbers[index]!]));
  const byName = Map.groupBy(points, ({ texts }) => seriesNameOf(texts) ?? "simulated");
  const series = [...byName].map(([name, members]): LineSeries => ({
    name,
    points: members.map(({ texts, spread, several }) => ({
      x: xOf.get(texts[numeric]!)!,
      y: spread.mean,
      ...(several ? rangeOf(spread) : {}),
    })).sort((a, b) => a.x - b.x),
  }));
  const isSpeedUp = text.id === "speed-up" && swept.option === "trainers";
  return lineFigure({
    ...text,
    x,
    y: axis.domain || !isWide(points.map(({ spread }) => spread)) ? axis : { ...axis, log: true },
    series: isSpeedUp ? [...series, idealSeries(numbers)] : series,
  });
}

function rangeOf({ low, high }: Spread) {
  return { low, high };
}

/** One trainer's work from each of them. */
function idealSeries(trainers: readonly number[]): LineSeries {
  const ends = trainers.toSorted((a, b) => a - b);
  return {
    name: "as many as trainers",
    style: "faint",
    points: ends.map((count) => ({ x: count, y: count })),
  };
}

/** The numbers of an option, durations in seconds or hours, and their axis. */
function along(option: SweptOption): { readonly numbers: readonly number[]; readonly axis: Axis } {
  const name = flagOf(option.option).slice(2);
  const seconds = numbersOf(option)!;
  const isDuration = option.values.some(({ text }) => Number.isNaN(Number(text)));
  const isLong = isDuration && Math.max(...seconds) >= 7200;
  const numbers = isLong ? seconds.map((each) => each / 3600) : seconds;
  return {
    numbers,
    axis: {
      column: name.replaceAll("-", "_"),
      label: isDuration ? `${name}, ${isLong ? "hours" : "seconds"}` : name,
      log: isWide(numbers.map((number) => ({ mean: number, low: number, high: number }))),
    },
  };
}

/** Whether positive numbers span so much that small ones need a logarithmic axis. */
function isWide(spreads: readonly Spread[]): boolean {
  const low = Math.min(...spreads.map(({ low }) => low));
  return low > 0 && Math.max(...spreads.map(({ high }) => high)) / low >= 10;
}
