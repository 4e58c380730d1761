/**
 * From plots to one SVG document with a legend, a background, and a text for those who cannot see
 * it.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeText } from "../page/html.ts";
import { CHART, CHART_STYLE, FONT_SIZE } from "./theme.ts";

/** Width of a figure: in a wider one the text is too small on a narrow screen. */
export const FIGURE_WIDTH = 400;

/** A drawn part of a figure. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** SVG elements, drawn from (0, 0). */
  readonly elements: string;
}

/** What is known of a figure before it is drawn. */
export interface FigureText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

interface PlotElement {
  readonly tagName: string;
  readonly outerHTML: string;
  readonly children: Iterable<PlotElement>;
  querySelectorAll(selector: string): Iterable<PlotElement>;
  removeAttribute(name: string): void;
}

const { document } = parseHTML("<html></html>") as unknown as {
  readonly document: NonNullable<Plot.PlotOptions["document"]>;
};

/** Draw a plot. */
export function drawPlot(
  options: Plot.PlotOptions & { readonly width: number; readonly height: number },
): Drawing {
  const root = Plot.plot({ ...options, document }) as unknown as PlotElement;
  // The figure is one image with one description; its parts have none.
  for (const part of root.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  const elements = [...root.children].filter(({ tagName }) => tagName.toLowerCase() !== "style")
    .map(({ outerHTML }) => outerHTML).join("");
  const { width, height } = options;
  return { width, height, elements: `<g text-anchor="middle" fill="currentColor">${elements}</g>` };
}

/** Put drawings below each other. */
export function stack(drawings: readonly Drawing[]): Drawing {
  let height = 0;
  const elements = drawings.map((drawing) => {
    const moved = `<g transform="translate(0 ${height})">${drawing.elements}</g>`;
    height += drawing.height;
    return moved;
  });
  const width = Math.max(...drawings.map((drawing) => drawing.width));
  return { width, height, elements: elements.join("") };
}

/** A whole SVG document. */
export function svgDocument({ id, title, description }: FigureText, drawing: Drawing): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    throw new RangeError(
      `Cannot draw a figure: its id must be small letters, digits and hyphens, received "${id}"`,
    );
  }
  const { width, height, elements } = drawing;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="${CHART}" viewBox="0 0 ${width} ` +
    `${height}" width="${width}" height="${height}" role="img" ` +
    `aria-labelledby="${id}-title" aria-describedby="${id}-text">` +
    `<title id="${id}-title">${escapeText(title)}</title>` +
    `<desc id="${id}-text">${escapeText(description)}</desc>` +
    `<style>${CHART_STYLE}</style>` +
    `<rect class="paper" width="${width}" height="${height}"/>${elements}</svg>\n`;
}

/** About how wide a text is, in units of the picture. */
export function textWidth(text: string): number {
  return 0.62 * FONT_SIZE * text.length;
}

/** A text that is about as wide as there is room. */
export function shorten(text: string, width: number): string {
  const most = Math.floor(width / textWidth("x"));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
