/**
 * `deno task simulate --sweep`: many simulations, one CSV file and one page.
 *
 * @module
 */
import { writeWhole } from "../../report/figures/figure.ts";
import { writeReport } from "../../report/page/write_report.ts";
import { simulateAll } from "../../simulation/sweep/simulate_all.ts";
import { onStop } from "../terminal/command.ts";
import { Progress } from "../terminal/progress.ts";
import { layOut } from "../terminal/table.ts";
import { readSweep } from "./axes.ts";
import { OutputFolder } from "./output_folder.ts";
import { planSweep } from "./plan.ts";
import { rowsOf, sweepCsv } from "./rows.ts";
import { groupsOf, summaryTable } from "./summary.ts";
import { sweepPage } from "./sweep_page.ts";

/** What a sweep is asked for, besides the options that all of its simulations have. */
export interface SweepRequest {
  /** What `--sweep` was given, split at commas. */
  readonly items: readonly string[];
  /** Seeds of each combination, from the given one on. */
  readonly repeats: number;
  /** Folder for `sweep.csv` and `report.html`; must not exist. Left out, nothing is written. */
  readonly directory: string | undefined;
}

/**
 * Simulate all combinations, print what they came to, and write it down whole or not at all.
 *
 * @param given The other options that were given; not checked.
 * @throws {ConfigurationError} If something cannot be simulated, or the folder cannot be written.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function sweep(
  { items, repeats, directory }: SweepRequest,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const plan = await planSweep(readSweep(items, given), given, repeats);
  using folder = directory === undefined ? undefined : new OutputFolder(directory);
  const count = plan.cells.length;
  console.log(`${count} simulation${count === 1 ? "" : "s"}\n`);
  using progress = new Progress("sweep", plan.simulations.length);
  const outcomes = await simulateAll(plan.simulations, {
    signal,
    onDone: () => progress.advance(),
  }).catch(onStop("Nothing was written."));
  const rows = rowsOf(plan, outcomes);
  progress.print(layOut(summaryTable(plan.axes, groupsOf(rows))));
  if (!folder) return;
  folder.keep(() => {
    writeWhole(folder.file("sweep.csv"), sweepCsv(plan, rows));
    writeReport(folder.file("report.html"), sweepPage(plan, rows));
  });
  progress.print(`\nTable      ${folder.path}/sweep.csv\nReport     ${folder.path}/report.html`);
}
