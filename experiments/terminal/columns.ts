/**
 * How many columns of a terminal a text takes: letters of some scripts, and pictures, take two.
 *
 * @module
 */
import stringWidth from "string-width";

/** Columns of a text of one line. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** The beginning of a text that fits into `columns`; no letter is cut in two. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = "";
  let left = columns;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut;
}
