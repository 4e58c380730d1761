/**
 * One CSV file, written from its start and then appended to.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import type { AppendFile, RunFiles } from "./run_files.ts";
import { utf8 } from "./utf8.ts";

/** What stands in a row; `null` is an empty cell. */
export type Cell = string | number | null;

/** More text than this is not kept back. */
const MOST_PENDING = 1 << 16;

/** Rows of a table. They are kept back until they are flushed, because one write costs as many. */
export class CsvFile implements Disposable {
  readonly #file: AppendFile;
  readonly #columns: readonly string[];
  /** Of the row that is being added: what its cells are written as. */
  readonly #texts: string[] = [];
  #pending = "";
  /** Whether the last row may have been written in part: then it stays the last one. */
  #isTorn = false;

  /** @param columns The names of the columns: the first line. */
  constructor(path: string, columns: readonly string[], files: RunFiles) {
    this.#columns = columns;
    this.#file = files.open(path, 0);
    this.#pending = stringify([], { columns });
    this.flush();
  }

  /**
   * Adds a row.
   *
   * @param cells In the order of the columns.
   * @throws {RangeError} If one is missing, or is NaN or infinite.
   */
  append(cells: readonly Cell[]): void {
    for (let i = 0; i < this.#columns.length; i++) this.#texts[i] = this.#text(i, cells[i]);
    this.#pending += `${this.#texts.join(",")}\r\n`;
    if (this.#pending.length > MOST_PENDING) this.flush();
  }

  /** Writes the rows that were added, unless earlier ones could not be written. */
  flush(): void {
    if (this.#pending === "" || this.#isTorn) return;
    const bytes = utf8(this.#pending);
    this.#pending = "";
    this.#isTorn = true;
    this.#file.write(bytes);
    this.#isTorn = false;
  }

  #text(column: number, cell: Cell | undefined): string {
    if (typeof cell === "number" && Number.isFinite(cell)) return `${cell}`;
    if (typeof cell === "string") return SPECIAL.test(cell) ? quoted(cell) : cell;
    if (cell === null) return "";
    throw new RangeError(
      `Cannot write column ${this.#columns[column]}: expected a value, received ${cell}`,
    );
  }

  /** Closes the file; rows that were not flushed are lost. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Whatever could need a quote. */
const SPECIAL = /[^\w ./:-]/;

function quoted(text: string): string {
  return stringify([{ text }], { columns: ["text"], headers: false }).slice(0, -"\r\n".length);
}
