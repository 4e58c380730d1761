/**
 * Who did what when: a line of bars for each of several workers.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Axis, domainOf, endMargin, scaleOptions } from "./axis.ts";
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

/** A stretch of work. */
export interface TimelineBar {
  /** Who worked. */
  readonly row: string;
  /** What kind of work it was: it decides the colour. */
  readonly kind: string;
  /** Of what it was. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What {@linkcode timelineFigure} draws. */
export interface TimelineFigureOptions extends FigureText {
  /** Names what the rows are. */
  readonly row: string;
  readonly time: Axis;
  /** At least one; rows and kinds appear in the order of the bars. */
  readonly bars: readonly TimelineBar[];
}

const ROW_HEIGHT = 20;
const AXIS_HEIGHT = 45;

/** Draw a timeline. The figure's rows are `ROW, kind, name, TIME_from, TIME_to`. */
export function timelineFigure(options: TimelineFigureOptions): Figure {
  const { id, title, description, row, time, bars } = options;
  const rows = [...new Set(bars.map((bar) => bar.row))];
  const kinds = [...new Set(bars.map(({ kind }) => kind))];
  const left = Math.min(0.3 * FIGURE_WIDTH, 14 + Math.max(...rows.map(textWidth)));
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const domain = domainOf(time, ends);
  const scale = scaleOptions({ ...time, domain }, ends, 4);
  const plot = drawPlot({
    width: FIGURE_WIDTH,
    height: 8 + rows.length * ROW_HEIGHT + AXIS_HEIGHT,
    marginLeft: left,
    marginRight: endMargin(scale),
    marginTop: 4,
    marginBottom: AXIS_HEIGHT,
    x: { ...scale, labelAnchor: "center", tickPadding: 6 },
    y: {
      type: "band",
      domain: rows,
      label: null,
      padding: 0.2,
      tickFormat: (name: string) => shorten(name, left - 14),
    },
    marks: [
      Plot.barX(bars, {
        y: "row",
        x1: "from",
        x2: "to",
        fill: ({ kind }: TimelineBar) => seriesColor(kinds.indexOf(kind)),
        // A gap in the colour of the background, so that one can be told from the next.
        stroke: "var(--paper)",
        strokeWidth: 0.5,
      }),
    ],
  });
  const legend = kinds.map((name, index) => ({ name, color: seriesColor(index) }));
  const drawing = stack([drawLegend(legend, FIGURE_WIDTH), plot]);
  return {
    id,
    title,
    description,
    svg: svgDocument({ id, title, description }, drawing),
    rows: bars.map((bar) => ({
      [row]: bar.row,
      kind: bar.kind,
      name: bar.name,
      [`${time.column}_from`]: bar.from,
      [`${time.column}_to`]: bar.to,
    })),
  };
}
