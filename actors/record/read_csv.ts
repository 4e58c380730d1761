/**
 * CSV files of a run, read back.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { readText } from "./read_text.ts";

/** A line of a CSV file. */
export interface CsvLine {
  /** Cells by column. */
  readonly cells: Readonly<Record<string, string>>;
  /** Where it stands, for errors: `runs/a/generations.csv, line 3`. */
  readonly where: string;
}

/**
 * Read a CSV file with a head. One that is not there is empty; a last line that was not written
 * whole is left out.
 *
 * @throws {SyntaxError} If it is not CSV, or a line has more or fewer cells than the head.
 */
export function readCsv(path: string): CsvLine[] {
  const text = readText(path);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole === "") return [];
  try {
    return parse(whole, { skipFirstRow: true })
      .map((cells, index) => ({ cells, where: `${path}, line ${index + 2}` }));
  } catch (error) {
    throw new SyntaxError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

/**
 * The number in a cell; `null` for an empty one.
 *
 * @throws {SyntaxError} If there is no such column, or it is not a finite number.
 */
export function optionalNumber({ cells, where }: CsvLine, column: string): number | null {
  const cell = cells[column];
  if (cell === "") return null;
  const value = Number(cell);
  if (cell !== undefined && Number.isFinite(value)) return value;
  throw new SyntaxError(`Cannot read ${where}: ${column} must be a number, received ${cell}`);
}

/** As {@linkcode optionalNumber}, but an empty cell is an error, too. */
export function numberOf(line: CsvLine, column: string): number {
  const value = optionalNumber(line, column);
  if (value !== null) return value;
  throw new SyntaxError(`Cannot read ${line.where}: ${column} must be a number, received nothing`);
}
