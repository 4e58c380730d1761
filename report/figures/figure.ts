/**
 * A figure: a picture, what it shows in words, and the numbers in it.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";

/** One line of a figure's data; the keys are the columns. */
export type FigureRow = Readonly<Record<string, string | number | null>>;

/** A picture that stands for itself: `ID.svg` and `ID.csv` in a folder, or part of a page. */
export interface Figure {
  /** Names its files: small letters, digits and hyphens. */
  readonly id: string;
  /** A few words, without a full stop. */
  readonly title: string;
  /** What the picture shows, for those who cannot see it. Whole sentences. */
  readonly description: string;
  /** A whole SVG document with the title and the description in it. */
  readonly svg: string;
  /** The numbers that were drawn, at least one row, all with the same columns. */
  readonly rows: readonly FigureRow[];
}

/**
 * Write `ID.svg` and `ID.csv`, each whole or not at all.
 *
 * @param directory Created if it is not there.
 * @throws {RangeError} If there are no rows, or a cell is not a finite number.
 */
export function writeFigure(directory: string, { id, svg, rows }: Figure): void {
  const csv = figureCsv(id, rows);
  Deno.mkdirSync(directory, { recursive: true });
  writeWhole(`${directory}/${id}.svg`, svg);
  writeWhole(`${directory}/${id}.csv`, csv);
}

/** Write a text file whole or not at all. */
export function writeWhole(path: string, text: string): void {
  Deno.writeTextFileSync(`${path}.partial`, text);
  Deno.renameSync(`${path}.partial`, path);
}

/**
 * The numbers of a figure as CSV.
 *
 * @throws {RangeError} If there are no rows, or a cell is not a finite number.
 */
export function figureCsv(id: string, rows: readonly FigureRow[]): string {
  const [first] = rows;
  if (!first) throw new RangeError(`Cannot write figure ${id}: it has no rows`);
  const columns = Object.keys(first);
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column];
      if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
        throw new RangeError(
          `Cannot write figure ${id}: column ${column} must be text, a finite number or null, ` +
            `received ${value}`,
        );
      }
    }
  }
  return stringify(rows, { columns });
}
