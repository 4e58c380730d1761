/**
 * Puts together what `budget` measured in several runs of it, such as with other seeds or sets:
 *
 *     deno run --allow-read --allow-write=runs bench/budget_results.ts STEPS.csv ...
 *
 * STEPS.csv is what `budget` writes, such as bench/results/budget_small_fashion_mnist.csv. Repeats of
 * one set count together, and at the end those of all. It prints the tables, and writes them with the
 * figures into `runs/budget_results`.
 *
 * @module
 */
import { type CsvLine, numberOf, optionalNumber, readCsv } from "../actors/record/read_csv.ts";
import { datasetFinding } from "../experiments/budget/findings.ts";
import type { MethodRepeat } from "../experiments/budget/measurements.ts";
import { findingsText, writeFindings } from "../experiments/findings/findings.ts";
import { makeFolder } from "../experiments/study/make_folder.ts";

const DIRECTORY = "runs/budget_results";

function textOf({ cells, where }: CsvLine, column: string): string {
  const cell = cells[column];
  if (cell !== undefined) return cell;
  throw new SyntaxError(`Cannot read ${where}: there is no column ${column}`);
}

/** The searches of a file, with their networks. */
function readRepeats(path: string): MethodRepeat[] {
  const searches = Map.groupBy(readCsv(path), (line) => textOf(line, "search"));
  return [...searches].map(([directory, lines]) => ({
    dataset: textOf(lines[0]!, "dataset"),
    method: textOf(lines[0]!, "method"),
    repeat: numberOf(lines[0]!, "repeat"),
    directory,
    steps: [...Map.groupBy(lines, (line) => numberOf(line, "evaluations"))]
      .map(([evaluations, networks]) => ({
        evaluations,
        fitness: numberOf(networks[0]!, "best_fitness"),
        networks: networks.map((line) => ({
          accuracy: optionalNumber(line, "test_accuracy"),
          failure: textOf(line, "failure") || null,
        })),
      })),
  }));
}

function refuse(why: string): never {
  console.error(why);
  Deno.exit(2);
}

if (Deno.args.length === 0) refuse("Expected files that budget has written, received none");
const repeats = Deno.args.flatMap((path) => {
  const own = readRepeats(path);
  return own.length > 0 ? own : refuse(`Expected a file that budget has written, received ${path}`);
});
for (const [directory, { length }] of Map.groupBy(repeats, ({ directory }) => directory)) {
  if (length > 1) refuse(`Expected each search once, received ${directory} ${length} times`);
}
const sets = [...Map.groupBy(repeats, ({ dataset }) => dataset)];
const findings = {
  title: "Budget: harm against evaluations",
  introduction: [`From ${Deno.args.join(", ")}.`],
  sections: [...sets, ...(sets.length > 1 ? [["all sets", repeats] as const] : [])]
    .map(([set, own]) => datasetFinding(set, own)),
};
makeFolder(DIRECTORY);
writeFindings(DIRECTORY, "budget", findings, {});
console.log(`${findingsText(findings)}\n\nFiles in ${DIRECTORY}; begin with report.html`);
