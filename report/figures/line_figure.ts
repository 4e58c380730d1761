/**
 * Series of numbers over another number, with bands or error bars.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Axis, endMargin, scaleOptions, tickMargin } from "./axis.ts";
import type { Figure } from "./figure.ts";
import { drawLegend, type LegendEntry, seriesColor, seriesDash } from "./legend.ts";
import { drawPlot, FIGURE_WIDTH, type FigureText, stack, svgDocument } from "./svg.ts";
import { FAINT, INK } from "./theme.ts";

/** A point of a series. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Lower and upper end of its band or error bar. */
  readonly low?: number;
  readonly high?: number;
}

/** A line. */
export interface LineSeries {
  readonly name: string;
  /** What the legend says; series that say the same share an entry. Default: the name. */
  readonly legend?: string;
  /** In the order of `x`. */
  readonly points: readonly LinePoint[];
  /** `bold` is for the main one, `faint` ones are grey and thin. Default: `plain`. */
  readonly style?: "plain" | "bold" | "faint";
  /** How `low` and `high` are shown. Default: `band`. */
  readonly spread?: "band" | "bars";
}

/** What {@linkcode lineFigure} draws. */
export interface LineFigureOptions extends FigureText {
  readonly x: Axis;
  readonly y: Axis;
  /** At least one, with at least one point. */
  readonly series: readonly LineSeries[];
}

/** Without the legend. */
const HEIGHT = 260;
/** Above this number of points they are not drawn as dots as well. */
const MOST_DOTS = 30;

/** Draw lines. The figure's rows are `series, X, Y` and, where there is a spread, `low, high`. */
export function lineFigure(options: LineFigureOptions): Figure {
  const { id, title, description, x, y, series } = options;
  const styled = styledSeries(series);
  const all = series.flatMap(({ points }) => points);
  const xs = all.map((point) => point.x);
  const ys = all.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]);
  const xScale = scaleOptions(x, xs, Math.round(FIGURE_WIDTH / 70));
  const yScale = scaleOptions(y, ys, Math.round(HEIGHT / 50));
  const plot = drawPlot({
    width: FIGURE_WIDTH,
    height: HEIGHT,
    marginLeft: tickMargin(yScale),
    marginRight: endMargin(xScale),
    marginTop: 30,
    marginBottom: 45,
    x: { ...xScale, labelAnchor: "center", tickPadding: 6 },
    y: { ...yScale, grid: true },
    // The main ones are drawn last, above the others.
    marks: styled.toSorted((a, b) => a.thickness - b.thickness).flatMap(marksOf),
  });
  const entries = legendEntries(styled);
  const drawing = entries.length > 1 ? stack([drawLegend(entries, FIGURE_WIDTH), plot]) : plot;
  const spread = all.some(({ low }) => low !== undefined);
  const rows = series.flatMap(({ name, points }) =>
    points.map((point) => ({
      series: name,
      [x.column]: point.x,
      [y.column]: point.y,
      ...(spread ? { low: point.low ?? null, high: point.high ?? null } : {}),
    }))
  );
  return { id, title, description, svg: svgDocument({ id, title, description }, drawing), rows };
}

interface StyledSeries extends LineSeries {
  readonly color: string;
  readonly dash: string;
  readonly thickness: number;
}

function styledSeries(series: readonly LineSeries[]): StyledSeries[] {
  let plain = 0;
  return series.map((one): StyledSeries => {
    switch (one.style ?? "plain") {
      case "bold":
        return { ...one, color: INK, dash: "none", thickness: 3 };
      case "faint":
        return { ...one, color: FAINT, dash: "none", thickness: 1 };
      case "plain": {
        const index = plain++;
        return { ...one, color: seriesColor(index), dash: seriesDash(index), thickness: 2 };
      }
    }
  });
}

function marksOf({ points, color, dash, thickness, spread = "band" }: StyledSeries) {
  const channels = { x: "x", y1: "low", y2: "high" };
  const spreadPoints = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  return [
    spreadPoints.length === 0
      ? null
      : spread === "band"
      ? Plot.areaY(spreadPoints, { ...channels, fill: color, fillOpacity: 0.18 })
      : Plot.ruleX(spreadPoints, { ...channels, stroke: color, strokeWidth: 1.5 }),
    Plot.lineY(points, {
      x: "x",
      y: "y",
      stroke: color,
      strokeWidth: thickness,
      ...(dash === "none" ? {} : { strokeDasharray: dash }),
    }),
    points.length > MOST_DOTS ? null : Plot.dot(points, {
      x: "x",
      y: "y",
      fill: color,
      r: thickness + 0.5,
    }),
  ];
}

function legendEntries(series: readonly StyledSeries[]): LegendEntry[] {
  const names = new Map<string, LegendEntry>();
  for (const { name, legend = name, color, dash } of series) {
    if (!names.has(legend)) names.set(legend, { name: legend, color, dash });
  }
  return [...names.values()];
}
