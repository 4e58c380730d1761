/**
 * What must be in the folder of a search whose process has ended in order.
 *
 * @module
 */
import { replay } from "../../actors/population/replay.ts";
import { SearchProgress } from "../../actors/population/search_progress.ts";
import { readJournal } from "../../actors/record/journal.ts";
import type { Table } from "../../actors/record/tables.ts";
import type { PreparedSimulation } from "../prepare.ts";
import { minimumOf } from "../../actors/record/minimum.ts";
import { difference, ExpectedTables } from "./expected_tables.ts";
import type { Report } from "./invariants.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";

/**
 * Check that the files of a run follow from its journal.
 *
 * @returns How many evaluations it has, and how many of them failed.
 */
export async function checkEndedFiles(
  { plan }: PreparedSimulation,
  disk: SimulatedDisk,
  file: (name: string) => string,
  report: Report,
): Promise<{ readonly evaluations: number; readonly failed: number }> {
  const bytesOf = (name: string) => disk.content(file(name));
  const contents = await readJournal(file("journal.jsonl"), {
    read: (path) => disk.content(path).slice(),
    open: () => {
      throw new Error("The journal is only read here");
    },
  });
  const progress = new SearchProgress(plan);
  const { rows, winner } = replay(contents, progress);
  const expected = new ExpectedTables(progress.population);
  for (const row of rows) expected.add(row);
  const wrong = difference(bytesOf, (table) => expected.finished.bytes(table));
  if (wrong !== undefined) report("tables", wrong);
  const results = rows.filter((row) => row.type === "Evaluated");
  const failed = results.filter(({ status }) => status === "failed").length;
  const summary = parse(bytesOf("summary.json"));
  if (summary?.evaluations !== results.length || summary?.failed !== failed) {
    report(
      "summary",
      `summary.json has ${summary?.evaluations} evaluations and ${summary?.failed} failed ones, of ` +
        `${results.length} and ${failed}`,
    );
  }
  const best = parse(bytesOf("best.json"));
  // A search can be stopped when all is done but this.
  const isBest = best
    ? winner && JSON.stringify(best) === JSON.stringify(minimumOf(winner))
    : !winner || summary?.status === "stopped";
  if (!isBest) report("summary", `best.json is not the winner: ${JSON.stringify(best)}`);
  return { evaluations: results.length, failed };
}

/** The tables of which every byte is the same whatever goes wrong, in sync mode. */
const UNDISTURBED: readonly Table[] = ["candidates.csv", "generations.csv", "finalists.csv"];

/** Check that a search has the same results as another one. */
export function checkSameResults(
  disk: SimulatedDisk,
  undisturbed: SimulatedDisk,
  file: (name: string) => string,
  report: Report,
): void {
  const [bytes, others] = [disk, undisturbed].map((one) => (name: string) =>
    one.content(file(name))
  );
  const wrong = difference(bytes!, others!, UNDISTURBED);
  if (wrong !== undefined) report("same-result", wrong);
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  return bytes.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}
