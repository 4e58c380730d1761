/**
 * How often values occur.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Axis, domainOf, endMargin, scaleOptions, tickMargin, unitOf } from "./axis.ts";
import type { Figure } from "./figure.ts";
import { seriesColor } from "./legend.ts";
import { drawPlot, type FigureText, svgDocument } from "./svg.ts";

/** What {@linkcode histogramFigure} draws. */
export interface HistogramFigureOptions extends FigureText {
  /** What is counted. */
  readonly value: Axis;
  /** At least one. */
  readonly values: readonly number[];
  /** Number of bins, of the same width. Default: 20; with an `integer` axis one for each number. */
  readonly bins?: number;
  /** In units of the picture. Default: 400 by 220. */
  readonly width?: number;
  readonly height?: number;
}

/** Draw a histogram. The figure's rows are `VALUE_from, VALUE_to, count`. */
export function histogramFigure(options: HistogramFigureOptions): Figure {
  const { id, title, description, value, values, width = 400, height = 220 } = options;
  const bins = binsOf(value, values, options.bins ?? 20);
  const ends = bins.flatMap(({ from, to }) => [from, to]);
  const counts = scaleOptions({ column: "count", integer: true }, [
    0,
    ...bins.map(({ count }) => count),
  ], 5);
  const domain = domainOf(value, ends);
  const scale = scaleOptions({ ...value, domain }, ends, Math.round(width / 70));
  const plot = drawPlot({
    width,
    height,
    marginLeft: tickMargin(counts),
    marginRight: endMargin(scale),
    marginTop: 30,
    marginBottom: 45,
    x: { ...scale, labelAnchor: "center", tickPadding: 6 },
    y: { ...counts, grid: true },
    marks: [
      Plot.rectY(bins, { x1: "from", x2: "to", y: "count", fill: seriesColor(0), inset: 0.5 }),
      Plot.ruleY([0], { stroke: "currentColor" }),
    ],
  });
  return {
    id,
    title,
    description,
    svg: svgDocument({ id, title, description }, plot),
    rows: bins.map(({ from, to, count }) => ({
      [`${value.column}_from`]: from,
      [`${value.column}_to`]: to,
      count,
    })),
  };
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bins that hold `from`, and not `to`; the last one holds both. */
function binsOf(axis: Axis, values: readonly number[], most: number): Bin[] {
  const domain = domainOf(axis, values);
  const unit = unitOf(domain);
  const whole = axis.integer
    ? [
      values.reduce((least, value) => Math.min(least, value), Infinity) - 0.5,
      values.reduce((most, value) => Math.max(most, value), -Infinity) + 0.5,
    ] as const
    : [unit * domain[0], unit * domain[1]] as const;
  const number = axis.integer ? whole[1] - whole[0] : most;
  const step = (whole[1] - whole[0]) / number;
  const counts = new Array<number>(number).fill(0);
  for (const value of values) {
    counts[Math.min(number - 1, Math.floor((unit * value - whole[0]) / step))]!++;
  }
  return counts.map((count, index) => ({
    from: (whole[0] + index * step) / unit,
    to: Math.min((whole[0] + (index + 1) * step) / unit, Number.MAX_VALUE),
    count,
  }));
}
