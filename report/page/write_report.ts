/**
 * A page and the files of its figures.
 *
 * @module
 */
import { writeFigure, writeWhole } from "../figures/figure.ts";
import { figuresOf, reportPage, type ReportPageOptions } from "./page.ts";

/** The folder of a page's figures, beside it: `figures` of `report.html`, else `NAME-figures`. */
export function figuresFolder(path: string): string {
  const name = path.replace(/.*\//s, "").replace(/\.html$/, "");
  return name === "report" ? "figures" : `${name}-figures`;
}

/**
 * Write a page, and `ID.svg` and `ID.csv` of each of its figures in their folder.
 *
 * @param path Of the page; its folder is created if it is not there.
 * @throws {RangeError} If two figures have the same id, or one has no data.
 */
export function writeReport(path: string, page: ReportPageOptions): void {
  const all = figuresOf(page.sections);
  const twice = all.find(({ id }, index) => all.findIndex((other) => other.id === id) !== index);
  if (twice) throw new RangeError(`Cannot write ${path}: two figures are called ${twice.id}`);
  const figures = figuresFolder(path);
  const text = reportPage(page, figures);
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  if (folder !== "") Deno.mkdirSync(folder, { recursive: true });
  for (const figure of all) writeFigure(`${folder}${figures}`, figure);
  // Last, so that its links work from the moment that it is there.
  writeWhole(path, text);
}
