/**
 * Small images side by side, all at one scale: grids of numbers as colours, or pictures.
 *
 * @module
 */
import { encode } from "fast-png";
import type { Figure, FigureRow } from "./figure.ts";
import { escapeText } from "./html.ts";
import { colorScale, drawColorBar } from "./legend.ts";
import { type Drawing, type FigureText, stack, svgDocument } from "./svg.ts";

/** One small image. */
export interface Panel {
  /** Stands above it. */
  readonly title: string;
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

/** Draw panels. */
export function panelFigure(options: PanelFigureOptions): Figure {
  const { id, title, description, panels, across, scale, rows, width = 400 } = options;
  const panelWidth = (width - 2 * MARGIN - (across - 1) * GAP) / across;
  const heights = panels.map(({ image }) => {
    const { rows, columns } = sizeOf(image);
    return TITLE_HEIGHT + (panelWidth * rows) / columns + GAP;
  });
  let y = MARGIN;
  const elements: string[] = [];
  for (let first = 0; first < panels.length; first += across) {
    for (let index = first; index < Math.min(first + across, panels.length); index++) {
      const x = MARGIN + (index - first) * (panelWidth + GAP);
      elements.push(
        drawPanel(panels[index]!, scale?.domain, panelWidth, `translate(${x} ${y})`),
      );
    }
    y += Math.max(...heights.slice(first, first + across));
  }
  const grid: Drawing = { width, height: y, elements: elements.join("") };
  const drawing = scale ? stack([drawColorBar(scale.label, scale.domain, width), grid]) : grid;
  return { id, title, description, svg: svgDocument({ id, title, description }, drawing), rows };
}

function drawPanel(
  { title, image, marks = [] }: Panel,
  domain: readonly [number, number] | undefined,
  width: number,
  transform: string,
): string {
  const { rows, columns } = sizeOf(image);
  const side = width / columns;
  const height = side * rows;
  const png = "png" in image ? image.png : colorPng(image.values, domain);
  const frames = marks.map(({ row, column }) =>
    `<rect x="${column * side - 1.5}" y="${TITLE_HEIGHT + row * side - 1.5}" ` +
    `width="${side + 3}" height="${side + 3}" fill="none" stroke="#000" stroke-width="4"/>` +
    `<rect x="${column * side - 1.5}" y="${TITLE_HEIGHT + row * side - 1.5}" ` +
    `width="${side + 3}" height="${side + 3}" fill="none" stroke="#ff5cb8" stroke-width="2"/>`
  );
  return `<g transform="${transform}">` +
    `<text x="${width / 2}" y="14" text-anchor="middle" fill="currentColor">` +
    `${escapeText(title)}</text>` +
    `<image y="${TITLE_HEIGHT}" width="${width}" height="${height}" preserveAspectRatio="none" ` +
    `href="data:image/png;base64,${png.toBase64()}"/>` +
    `<rect y="${TITLE_HEIGHT}" width="${width}" height="${height}" fill="none" ` +
    `stroke="var(--line)"/>${frames.join("")}</g>`;
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
