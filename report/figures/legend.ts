/**
 * Names for the colours of a figure.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { significant } from "../numbers.ts";
import { unitOf } from "./axis.ts";
import { escapeText } from "../page/html.ts";
import { type Drawing, shorten, textWidth } from "./svg.ts";
import { COLOR_SCHEME, FONT_SIZE, SERIES_COLORS, SERIES_DASHES } from "./theme.ts";

/** How a name is shown. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  /** Of a line; a dot if left out. */
  readonly dash?: string;
}

const ROW_HEIGHT = 20;
const SAMPLE = 26;
const GAP = 16;
const MARGIN = 8;

/** The colour of a series, by its number from 0. */
export function seriesColor(index: number): string {
  return SERIES_COLORS[index % SERIES_COLORS.length]!;
}

/** The dashes of a series, by its number from 0; other ones when the colours begin again. */
export function seriesDash(index: number): string {
  const round = Math.floor(index / SERIES_COLORS.length);
  return SERIES_DASHES[(index + round) % SERIES_DASHES.length]!;
}

/** Entries side by side, in as many rows as they need. */
export function drawLegend(entries: readonly LegendEntry[], width: number): Drawing {
  let [x, y] = [MARGIN, MARGIN];
  const room = width - 2 * MARGIN - SAMPLE;
  const elements = entries.map(({ name: whole, color, dash }) => {
    const name = shorten(whole, room);
    const needed = SAMPLE + textWidth(name);
    if (x > MARGIN && x + needed > width - MARGIN) [x, y] = [MARGIN, y + ROW_HEIGHT];
    const middle = y + ROW_HEIGHT / 2;
    const sample = dash === undefined
      ? `<circle cx="${x + 12}" cy="${middle}" r="5" fill="${color}"/>`
      : `<line x1="${x}" x2="${x + 20}" y1="${middle}" y2="${middle}" stroke="${color}" ` +
        `stroke-width="2.5" stroke-dasharray="${dash}"/>`;
    const text = `<text x="${x + SAMPLE}" y="${middle}" dy="0.35em" fill="currentColor">` +
      `${escapeText(name)}</text>`;
    x += needed + GAP;
    return sample + text;
  });
  return { width, height: y + ROW_HEIGHT, elements: elements.join("") };
}

/** A function from a number to its colour in heat maps. */
export function colorScale(domain: readonly [number, number]): (value: number) => string {
  const scale = Plot.scale({ color: { type: "linear", scheme: COLOR_SCHEME, domain } });
  return (value) => scale.apply(value) as string;
}

/** The colours between two numbers, with what they stand for. */
export function drawColorBar(
  label: string,
  domain: readonly [number, number],
  width: number,
): Drawing {
  const unit = unitOf(domain);
  const [low, high] = [unit * domain[0], unit * domain[1]] as const;
  const color = colorScale([low, high]);
  const steps = 40;
  const barWidth = Math.min(160, width / 3);
  const texts = domain.map((end) => significant(end, 3));
  const left = MARGIN + textWidth(texts[0]!) + 6;
  const cells = Array.from({ length: steps }, (_, step) => {
    const value = low + (high - low) * (step / (steps - 1));
    const x = left + (step * barWidth) / steps;
    return `<rect x="${x.toFixed(2)}" y="${MARGIN + 4}" width="${
      (barWidth / steps + 0.5).toFixed(2)
    }" height="12" fill="${color(value)}"/>`;
  });
  const y = MARGIN + ROW_HEIGHT / 2;
  const text = (x: number, content: string, anchor: string) =>
    `<text x="${x}" y="${y}" dy="0.35em" text-anchor="${anchor}" fill="currentColor">` +
    `${escapeText(content)}</text>`;
  const right = left + barWidth + 6;
  const elements = [
    text(left - 6, texts[0]!, "end"),
    ...cells,
    text(right, `${texts[1]!}   ${label}`, "start"),
  ].join("");
  return { width, height: MARGIN + ROW_HEIGHT + FONT_SIZE / 2, elements };
}
