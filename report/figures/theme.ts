/**
 * Colours and fonts of figures and pages, for light and for dark screens. Series differ in
 * lightness as well as in hue, and lines also in their dashes, so that no figure needs colour.
 *
 * @module
 */

/** Size of a figure's text, in units of the picture. */
export const FONT_SIZE = 13;

/** Class of every figure's root element. */
export const CHART = "chart";

/** Colours of series, in order of use. */
export const SERIES_COLORS = [1, 2, 3, 4, 5, 6].map((number) => `var(--series-${number})`);

/** Dashes of lines, in order of use. */
export const SERIES_DASHES = ["none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"];

/** What is there for orientation only. */
export const FAINT = "var(--faint)";

/** The colour of text and of what matters most. */
export const INK = "var(--ink)";

/** Numbers from low to high: readable for colour-blind people, in print, and on any background. */
export const COLOR_SCHEME = "viridis";

const LIGHT = "--ink:#1b1f24;--soft:#57606a;--faint:#767f89;--paper:#ffffff;--line:#d0d7de;" +
  "--link:#0a58b5;--series-1:#0061a8;--series-2:#c44a00;--series-3:#00795a;--series-4:#a23b83;" +
  "--series-5:#7a5c00;--series-6:#4b4f56";
const DARK = "--ink:#eceff3;--soft:#aab2bd;--faint:#8b949e;--paper:#14181d;--line:#3a424c;" +
  "--link:#7cb7ff;--series-1:#5fb4f0;--series-2:#ff9d5c;--series-3:#4fd1a5;--series-4:#f0a0d2;" +
  "--series-5:#e5cf4f;--series-6:#c5ccd6";

/** Sets the colours for elements that a selector names. */
export function colors(selector: string): string {
  return `${selector}{color-scheme:light dark;${LIGHT}}` +
    `@media (prefers-color-scheme:dark){${selector}{${DARK}}}`;
}

/** Style of a figure, inside its SVG. */
export const CHART_STYLE = colors(`.${CHART}`) +
  `.${CHART}{color:var(--ink);font:${FONT_SIZE}px system-ui,sans-serif}` +
  `.${CHART} .paper{fill:var(--paper)}` +
  `.${CHART} image{image-rendering:pixelated}`;
