/** A search of seconds, for tests. */
import type { SearchRunOptions } from "../../mod.ts";

export const small: SearchRunOptions = {
  dataset: "synthetic",
  trainSize: 40,
  batchSize: 20,
  epochs: 1,
  discriminatorSize: 20,
  discriminatorEpochs: 1,
  population: 4,
  generations: 3,
  finalists: 2,
  finalistRepeats: 1,
  devices: ["cpu", "cpu"],
  seed: 11,
};

/** `small` without what means nothing where no discriminator is trained. */
export const undivergent: SearchRunOptions = {
  ...small,
  divergenceWeight: 0,
  discriminatorSize: undefined,
  discriminatorEpochs: undefined,
};

/** The files of a run that must not depend on who computed what, and when. */
export const COMPARABLE = ["candidates.csv", "generations.csv", "finalists.csv", "best.json"];

export function readFiles(directory: string, names: readonly string[]): string[] {
  return names.map((name) => Deno.readTextFileSync(`${directory}/${name}`));
}
