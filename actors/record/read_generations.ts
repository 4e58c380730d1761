/**
 * The updates of a run's distribution, read back from `generations.csv`. The journal has them only
 * indirectly: to get them from it, the whole search has to be computed again.
 *
 * @module
 */
import type { GenerationDone, Scores } from "./facts.ts";
import { type CsvLine, numberOf, optionalNumber, readCsv } from "./read_csv.ts";

/**
 * Read the updates of a run.
 *
 * @throws {SyntaxError} If a column is missing, or a cell is not a number.
 */
export function readGenerations(directory: string): GenerationDone[] {
  return readCsv(`${directory}/generations.csv`).map((line) => ({
    type: "GenerationDone",
    generation: numberOf(line, "generation"),
    evaluations: numberOf(line, "evaluations"),
    wasted: numberOf(line, "wasted"),
    sigma: numberOf(line, "sigma"),
    axisRatio: numberOf(line, "axis_ratio"),
    bestFitness: optionalNumber(line, "best_fitness"),
    medianFitness: optionalNumber(line, "median_fitness"),
    worstFitness: optionalNumber(line, "worst_fitness"),
    bestSoFar: optionalNumber(line, "best_so_far"),
    means: meansOf(line),
  }));
}

function meansOf(line: CsvLine): Scores {
  const columns = Object.keys(line.cells).filter((column) => column.startsWith("mean_"));
  return Object.fromEntries(columns.flatMap((column) => {
    const mean = optionalNumber(line, column);
    return mean === null ? [] : [[column.slice("mean_".length), mean]];
  }));
}
