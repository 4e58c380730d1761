/**
 * The CSV files of a run, next to what its journal says they should be.
 *
 * @module
 */
import { tableNames, Tables } from "../record/tables.ts";
import { addRow, type Replayed } from "./replay.ts";

/** A CSV file of a run, next to what its journal says it should be. */
export interface ReplayedTable {
  /** Such as `candidates.csv`. */
  readonly file: string;
  /** The first line that differs, from 1; `null` if the bytes are the same. */
  readonly differsAt: number | null;
}

/**
 * Compare the CSV files of a run with others that are made anew, byte for byte. Nothing in the run's
 * folder is changed.
 *
 * @param rows What is to be in the files.
 * @param population Candidates of a generation.
 * @param ownTerms The names of the user's own terms of the fitness.
 */
export async function compareTables(
  directory: string,
  rows: Replayed["rows"],
  population: number,
  ownTerms: readonly string[],
): Promise<ReplayedTable[]> {
  const scratch = await Deno.makeTempDir();
  try {
    {
      using tables = new Tables(scratch, population, ownTerms);
      for (const row of rows) addRow(tables, row);
    }
    return tableNames.map((file) => {
      const [before, after] = [directory, scratch].map((folder) =>
        Deno.readTextFileSync(`${folder}/${file}`)
      );
      if (before === after) return { file, differsAt: null };
      const [left, right] = [before!.split("\n"), after!.split("\n")];
      return { file, differsAt: left.findIndex((line, index) => line !== right[index]) + 1 };
    });
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
