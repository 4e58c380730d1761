/**
 * The updates of a run's distribution, read back from `generations.csv`. The journal has them only
 * indirectly: to get them from it, the whole search has to be computed again.
 *
 * @module
 */
import { parse } from "@std/csv";
import type { GenerationDone } from "./protocol.ts";

/**
 * Read the updates of a run. A file that is not there has none; a last line that was not written
 * whole is left out.
 *
 * @throws {SyntaxError} If a column is missing, or a cell is not a number.
 */
export function readGenerations(directory: string): GenerationDone[] {
  const path = `${directory}/generations.csv`;
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole === "") return [];
  return parse(whole, { skipFirstRow: true }).map((row, index) =>
    generationOf(row, `${path}, line ${index + 2}`)
  );
}

function generationOf(row: Record<string, string>, where: string): GenerationDone {
  const optional = (column: string): number | null => {
    const cell = row[column];
    if (cell === "") return null;
    const value = Number(cell);
    if (cell !== undefined && Number.isFinite(value)) return value;
    throw new SyntaxError(`Cannot read ${where}: ${column} must be a number, received ${cell}`);
  };
  const number = (column: string): number => {
    const value = optional(column);
    if (value !== null) return value;
    throw new SyntaxError(`Cannot read ${where}: ${column} must be a number, received nothing`);
  };
  return {
    type: "GenerationDone",
    generation: number("generation"),
    evaluations: number("evaluations"),
    wasted: number("wasted"),
    sigma: number("sigma"),
    axisRatio: number("axis_ratio"),
    bestFitness: optional("best_fitness"),
    medianFitness: optional("median_fitness"),
    worstFitness: optional("worst_fitness"),
    bestSoFar: optional("best_so_far"),
    meanMismatch: optional("mean_mismatch"),
    meanDivergence: optional("mean_divergence"),
  };
}
