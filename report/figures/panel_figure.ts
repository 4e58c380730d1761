/**
 * Small images side by side, all at one scale: grids of numbers as colours, or pictures.
 *
 * @module
 */
import { encode } from "fast-png";
import type { Figure, FigureRow } from "./figure.ts";
import { escapeText } from "../page/html.ts";
import { colorScale, drawColorBar } from "./legend.ts";
import { type Drawing, FIGURE_WIDTH, type FigureText, shorten, stack, svgDocument } from "./svg.ts";

/** One small image. */
export interface Panel {
  /** Stands above it. Default: nothing. */
  readonly title?: string;
  readonly image: PanelImage;
  /** Pixels with a frame around them, from 0. */
  readonly marks?: readonly { readonly row: number; readonly column: number }[];
}

/** Rows by columns; numbers get the colours of the figure's scale, a PNG is shown as it is. */
export type PanelImage =
  | { readonly values: readonly (readonly number[])[] }
  | { readonly png: Uint8Array; readonly rows: number; readonly columns: number };

/** What {@linkcode panelFigure} draws. */
export interface PanelFigureOptions extends FigureText {
  readonly panels: readonly Panel[];
  /** Panels side by side, from 1. */
  readonly across: number;
  /** What the numbers of the panels are, and their range. Left out, there is no colour bar. */
  readonly scale?: { readonly label: string; readonly domain: readonly [number, number] };
  /** The figure's data. */
  readonly rows: readonly FigureRow[];
  /** In units of the picture. Default: 400. */
  readonly width?: number;
}

const MARGIN = 8;
const GAP = 10;
const TITLE_HEIGHT = 20;
/** Of a panel, so that a single one does not fill the page. */
const MOST_WIDTH = 180;

/** Draw panels. */
export function panelFigure(options: PanelFigureOptions): Figure {
  const { id, title, description, panels, across, scale, rows, width = FIGURE_WIDTH } = options;
  const panelWidth = Math.min(
    MOST_WIDTH,
    (width - 2 * MARGIN - (across - 1) * GAP) / across,
  );
  let y = MARGIN;
  const elements: string[] = [];
  for (let first = 0; first < panels.length; first += across) {
    const line = panels.slice(first, first + across);
    if (line.some(({ title }) => title !== undefined)) y += TITLE_HEIGHT;
    const drawn = line.map((panel) => drawPanel(panel, scale?.domain, panelWidth));
    for (const [index, { elements: inside }] of drawn.entries()) {
      const x = MARGIN + index * (panelWidth + GAP);
      elements.push(`<g transform="translate(${x} ${y})">${inside}</g>`);
    }
    y += Math.max(...drawn.map(({ height }) => height)) + GAP;
  }
  const grid: Drawing = { width, height: y, elements: elements.join("") };
  const drawing = scale ? stack([drawColorBar(scale.label, scale.domain, width), grid]) : grid;
  return { id, title, description, svg: svgDocument({ id, title, description }, drawing), rows };
}

/** The image from (0, 0), its title above. */
function drawPanel(
  { title, image, marks = [] }: Panel,
  domain: readonly [number, number] | undefined,
  width: number,
): Drawing {
  const { rows, columns } = sizeOf(image);
  const side = width / columns;
  const height = side * rows;
  const png = "png" in image ? image.png : colorPng(image.values, domain);
  const frames = marks.map(({ row, column }) => {
    const place = `x="${column * side - 1.5}" y="${row * side - 1.5}" width="${side + 3}" ` +
      `height="${side + 3}" fill="none"`;
    return `<rect ${place} stroke="#000" stroke-width="4"/>` +
      `<rect ${place} stroke="#ff5cb8" stroke-width="2"/>`;
  });
  const heading = title === undefined
    ? ""
    : `<text x="${width / 2}" y="-6" text-anchor="middle" fill="currentColor">` +
      `${escapeText(shorten(title, width))}</text>`;
  const elements = `${heading}<image width="${width}" height="${height}" ` +
    `preserveAspectRatio="none" href="data:image/png;base64,${png.toBase64()}"/>` +
    `<rect width="${width}" height="${height}" fill="none" stroke="var(--line)"/>` +
    frames.join("");
  return { width, height, elements };
}

function sizeOf(image: PanelImage): { rows: number; columns: number } {
  if ("png" in image) return image;
  return { rows: image.values.length, columns: image.values[0]?.length ?? 0 };
}

/** One pixel for each number. */
function colorPng(
  values: readonly (readonly number[])[],
  domain: readonly [number, number] | undefined,
): Uint8Array {
  if (!domain) throw new TypeError("Cannot draw panels of numbers: expected a scale");
  const color = colorScale(domain);
  const rows = values.length;
  const columns = values[0]!.length;
  const data = new Uint8Array(3 * rows * columns);
  values.flat().forEach((value, index) => data.set(channelsOf(color(value)), 3 * index));
  return encode({ width: columns, height: rows, channels: 3, data });
}

/** `#rrggbb` or `rgb(r, g, b)` as three bytes. */
function channelsOf(color: string): number[] {
  return color.startsWith("#")
    ? [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16))
    : color.match(/\d+/g)!.slice(0, 3).map(Number);
}
