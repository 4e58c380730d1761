/**
 * What a run found, or has found so far.
 *
 * @module
 */
import type { EvaluatedCandidate } from "../../actors/record/facts.ts";
import { decode, type Disturbance } from "../../datasets/mod.ts";
import { significant } from "../../report/numbers.ts";
import { genomeSpecOf, type ReportedRun } from "./reported_run.ts";

/** The winner, or the best candidate so far. */
export interface FoundWinner {
  /** Which one it is and how good, in a sentence or two. */
  readonly text: string;
  /** Of a search; `undefined` if it cannot be decoded without the images. */
  readonly disturbance?: Disturbance;
  /** Of a run without images. */
  readonly x?: readonly number[];
}

/**
 * Look for the winner of a run.
 *
 * @returns `undefined` if there is no result yet.
 */
export function winnerOf(run: ReportedRun): FoundWinner | undefined {
  if (!run.isFinished || run.best === null) return bestSoFar(run);
  if (run.kind === "search") {
    const { generation, candidate, searchFitness, finalFitness, disturbance } = run.best;
    const again = finalFitness === null
      ? ""
      : `, and ${short(finalFitness)} in the mean over fresh seeds`;
    const text = `The winner is candidate ${generation}/${candidate}. Its fitness was ` +
      `${short(searchFitness)} in the search${again}.`;
    return { text, disturbance };
  }
  const { x, value } = run.best;
  return { text: `The smallest value that was found is ${significant(value, 4)}.`, x };
}

function bestSoFar({ candidates, search }: ReportedRun): FoundWinner | undefined {
  // Of equal ones that which was drawn first.
  const best = candidates.reduce<EvaluatedCandidate | undefined>(
    (best, one) => one.fitness !== null && (!best || one.fitness > best.fitness!) ? one : best,
    undefined,
  );
  if (!best) return undefined;
  const { generation, candidate, fitness, genome } = best;
  const text = `The best candidate so far is ${generation}/${candidate}. Its fitness was ` +
    `${short(fitness!)}; it is the best of many, so partly luck.`;
  if (!search) return { text, x: genome };
  const { configuration, images } = search;
  return typeof images === "string"
    ? { text }
    : { text, disturbance: decode(genome, genomeSpecOf(configuration, images)) };
}

function short(value: number): string {
  return significant(value, 4);
}
