/**
 * Numbers by category and group, with error bars.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Axis, endMargin, scaleOptions } from "./axis.ts";
import type { Figure } from "./figure.ts";
import { drawLegend, seriesColor } from "./legend.ts";
import {
  drawPlot,
  FIGURE_WIDTH,
  type FigureText,
  shorten,
  stack,
  svgDocument,
  textWidth,
} from "./svg.ts";

/** One number with its spread. */
export interface Bar {
  readonly category: string;
  readonly group: string;
  readonly value: number;
  /** Lower and upper end of its error bar. */
  readonly low?: number;
  readonly high?: number;
}

/** What {@linkcode barFigure} draws. */
export interface BarFigureOptions extends FigureText {
  /** Column of the categories in the data, such as `network`. They stand below each other. */
  readonly category: string;
  /** Column of the groups in the data, such as `method`. They differ in colour. */
  readonly group: string;
  readonly value: Axis;
  /** At least one; categories and groups appear in the order of the bars. */
  readonly bars: readonly Bar[];
  /** `bar` starts at 0 and suits amounts; `dot` suits any number. Default: `bar`. */
  readonly mark?: "bar" | "dot";
}

const BAR_HEIGHT = 18;
const CATEGORY_GAP = 14;
/** Height of the axis below. */
const AXIS_HEIGHT = 44;

/** Draw bars or dots. The figure's rows are `CATEGORY, GROUP, VALUE, low, high`. */
export function barFigure(options: BarFigureOptions): Figure {
  const { id, title, description, category, group, value, bars, mark = "bar" } = options;
  const categories = [...new Set(bars.map((bar) => bar.category))];
  const groups = [...new Set(bars.map((bar) => bar.group))];
  const left = Math.min(0.4 * FIGURE_WIDTH, 14 + Math.max(...categories.map(textWidth)));
  const height = 8 + AXIS_HEIGHT + categories.length * (groups.length * BAR_HEIGHT + CATEGORY_GAP);
  const ends = bars.flatMap((bar) => [bar.value, bar.low ?? bar.value, bar.high ?? bar.value]);
  const colorOf = (bar: Bar) => seriesColor(groups.indexOf(bar.group));
  const place = { fy: "category", y: "group" };
  const spread = bars.filter(({ low, high }) => low !== undefined && high !== undefined);
  const scale = scaleOptions(
    value,
    mark === "bar" ? [0, ...ends] : ends,
    Math.round(FIGURE_WIDTH / 70),
  );
  const plot = drawPlot({
    width: FIGURE_WIDTH,
    height,
    marginLeft: left,
    marginRight: endMargin(scale),
    marginTop: 4,
    marginBottom: AXIS_HEIGHT,
    x: { ...scale, labelAnchor: "center", grid: true },
    y: { type: "band", axis: null, domain: groups, padding: 0.15 },
    fy: {
      domain: categories,
      label: null,
      padding: CATEGORY_GAP / (CATEGORY_GAP + groups.length * BAR_HEIGHT),
    },
    marks: [
      Plot.axisFy({
        anchor: "left",
        label: null,
        tickFormat: (name: string) => shorten(name, left - 14),
      }),
      mark === "bar"
        ? [
          Plot.barX(bars, { ...place, x1: 0, x2: "value", fill: colorOf }),
          Plot.ruleX([0], { stroke: "currentColor" }),
        ]
        : Plot.dot(bars, { ...place, x: "value", fill: colorOf, r: 5 }),
      // A rim in the colour of the background keeps an error bar visible on its bar.
      Plot.ruleY(spread, {
        ...place,
        x1: "low",
        x2: "high",
        stroke: "var(--paper)",
        strokeWidth: 4,
      }),
      Plot.ruleY(spread, {
        ...place,
        x1: "low",
        x2: "high",
        stroke: "currentColor",
        strokeWidth: 2,
      }),
      mark === "dot" ? Plot.dot(bars, { ...place, x: "value", fill: colorOf, r: 4 }) : null,
    ],
  });
  const legend = groups.map((name, index) => ({ name, color: seriesColor(index) }));
  const drawing = groups.length > 1 ? stack([drawLegend(legend, FIGURE_WIDTH), plot]) : plot;
  const rows = bars.map((bar) => ({
    [category]: bar.category,
    [group]: bar.group,
    [value.column]: bar.value,
    low: bar.low ?? null,
    high: bar.high ?? null,
  }));
  return { id, title, description, svg: svgDocument({ id, title, description }, drawing), rows };
}
