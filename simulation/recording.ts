/**
 * What the evaluations of a run took and gave, as a simulation can use it again.
 *
 * @module
 */
import { busyMs } from "../actors/population/recorder.ts";
import { type EvaluationKey, keyOf } from "../actors/record/facts.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import { ConfigurationError } from "../options.ts";
import type { Random } from "../random.ts";

/** Measured times and fitness, by evaluation. */
export interface Recording {
  /** The length of its points. */
  readonly dimension: number;
  /** Milliseconds that an evaluation took, all its parts together; one it did not have: any of them. */
  costMs(key: EvaluationKey, random: Random): number;
  /** The fitness of an evaluation, `null` if it had none; one that the run did not have: any of them. */
  fitness(key: EvaluationKey, random: Random): number | null;
}

/**
 * Read what was measured in a run.
 *
 * @param directory Of a search, a run of `minimize` or a simulation, finished or not.
 * @throws {ConfigurationError} If there is no run, its journal is damaged, or it has no result.
 */
export async function readRecording(directory: string): Promise<Recording> {
  readConfigurationFile(directory);
  const { events } = await readJournal(`${directory}/journal.jsonl`).catch((error) => {
    throw error instanceof SyntaxError
      ? new ConfigurationError(error.message, { cause: error })
      : error;
  });
  const costs = new Map<string, number>();
  const fitness = new Map<string, number | null>();
  let dimension = 0;
  for (const event of events) {
    if (event.type === "Sampled") dimension = event.draw.x.length;
    if (event.type !== "Evaluated") continue;
    fitness.set(keyOf(event), event.fitness);
    // One that failed has no times.
    if (Object.keys(event.timings).length > 0) costs.set(keyOf(event), busyMs(event));
  }
  if (costs.size === 0) {
    throw new ConfigurationError(
      `Cannot simulate with the run in ${directory}: it has no evaluation that was timed`,
    );
  }
  const [someCosts, someFitness] = [[...costs.values()], [...fitness.values()]];
  return {
    dimension,
    costMs: (key, random) => costs.get(keyOf(key)) ?? someCosts[random.integer(someCosts.length)]!,
    fitness: (key, random) => {
      const known = fitness.get(keyOf(key));
      return known === undefined ? someFitness[random.integer(someFitness.length)]! : known;
    },
  };
}
