/**
 * A table of numbers as colours, with the numbers in the cells where there is room.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { midpoint } from "../../averages.ts";
import { significant } from "../numbers.ts";
import { type Axis, labelOf, unitOf } from "./axis.ts";
import type { Figure } from "./figure.ts";
import { drawColorBar } from "./legend.ts";
import { drawPlot, FIGURE_WIDTH, type FigureText, stack, svgDocument, textWidth } from "./svg.ts";
import { COLOR_SCHEME } from "./theme.ts";

/** A cell; those that are not given stay empty. */
export interface HeatCell {
  readonly row: string;
  readonly column: string;
  readonly value: number;
}

/** What {@linkcode heatMapFigure} draws. */
export interface HeatMapFigureOptions extends FigureText {
  /** Names of what lies along the sides. */
  readonly row: string;
  readonly column: string;
  readonly value: Axis;
  /** At least one; rows and columns appear in the order of the cells. */
  readonly cells: readonly HeatCell[];
}

const ROW_HEIGHT = 24;

/** Draw a heat map. The figure's rows are `ROW, COLUMN, VALUE`. */
export function heatMapFigure(options: HeatMapFigureOptions): Figure {
  const { id, title, description, row, column, value, cells } = options;
  const rows = [...new Set(cells.map((cell) => cell.row))];
  const columns = [...new Set(cells.map((cell) => cell.column))];
  const values = cells.map((cell) => cell.value);
  const domain = value.domain ?? [Math.min(...values), Math.max(...values)] as const;
  const unit = unitOf(domain);
  const left = 22 + Math.max(...rows.map(textWidth));
  const cellWidth = (FIGURE_WIDTH - left - 10) / columns.length;
  const text = (cell: HeatCell) => significant(cell.value, 3);
  const fits = Math.max(...cells.map((cell) => textWidth(text(cell)))) < cellWidth - 2;
  const labelEvery = Math.ceil((Math.max(...columns.map(textWidth)) + 6) / cellWidth);
  const isHigh = (cell: HeatCell) => cell.value > midpoint(...domain);
  const plot = drawPlot({
    width: FIGURE_WIDTH,
    height: rows.length * ROW_HEIGHT + 76,
    marginLeft: left,
    marginRight: 10,
    marginTop: 28,
    marginBottom: 44,
    x: {
      type: "band",
      domain: columns,
      label: column,
      labelArrow: "none",
      labelAnchor: "center",
      padding: 0.04,
      ticks: columns.filter((_, index) => index % labelEvery === 0),
    },
    y: { type: "band", domain: rows, label: row, labelArrow: "none", padding: 0.06 },
    color: {
      type: "linear",
      scheme: COLOR_SCHEME,
      domain: domain.map((end) => unit * end),
      ...(unit === 1 ? {} : { transform: (each: number) => unit * each }),
    },
    marks: [
      Plot.cell(cells, { x: "column", y: "row", fill: "value" }),
      fits
        ? Plot.text(cells, {
          x: "column",
          y: "row",
          text,
          fill: (cell: HeatCell) => isHigh(cell) ? "#000" : "#fff",
        })
        : null,
    ],
  });
  const drawing = stack([drawColorBar(labelOf(value), domain, FIGURE_WIDTH), plot]);
  return {
    id,
    title,
    description,
    svg: svgDocument({ id, title, description }, drawing),
    rows: cells.map((cell) => ({
      [row]: cell.row,
      [column]: cell.column,
      [value.column]: cell.value,
    })),
  };
}
