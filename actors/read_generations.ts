/**
 * The updates of a run's distribution, read back from `generations.csv`. The journal has them only
 * indirectly: to get them from it, the whole search has to be computed again.
 *
 * @module
 */
import type { GenerationDone } from "./protocol.ts";
import { numberOf, optionalNumber, readCsv } from "./read_csv.ts";

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
    meanMismatch: optionalNumber(line, "mean_mismatch"),
    meanDivergence: optionalNumber(line, "mean_divergence"),
  }));
}
