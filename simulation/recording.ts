/**
 * What the evaluations of a run took and gave, as a simulation can use it again.
 *
 * @module
 */
import { type Evaluated, type EvaluationKey, keyOf } from "../actors/record/facts.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import { ConfigurationError } from "../options.ts";
import type { Random } from "../random.ts";

/** Measured times and fitness, by evaluation. */
export interface Recording {
  /** The length of its points. */
  readonly dimension: number;
  /** What an evaluation has, in the order in which its parts are begun; at least one. */
  readonly parts: readonly string[];
  /** Milliseconds that a part of an evaluation took; of one that the run did not have, any of them. */
  costMs(key: EvaluationKey, part: string, random: Random): number;
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
  const costs = new Map<string, Evaluated["timings"]>();
  const fitness = new Map<string, number | null>();
  let dimension = 0;
  for (const event of events) {
    if (event.type === "Sampled") dimension = event.draw.x.length;
    if (event.type !== "Evaluated") continue;
    fitness.set(keyOf(event), event.fitness);
    // One that failed or was pruned may lack some.
    if (event.status === "ok") costs.set(keyOf(event), event.timings);
  }
  const [someCosts, someFitness] = [[...costs.values()], [...fitness.values()]];
  const parts = Object.keys(someCosts[0] ?? {});
  if (parts.length === 0) {
    throw new ConfigurationError(
      `Cannot simulate with the run in ${directory}: it has no evaluation that was timed`,
    );
  }
  return {
    dimension,
    parts,
    costMs: (key, part, random) => {
      const timings = costs.get(keyOf(key)) ?? someCosts[random.integer(someCosts.length)]!;
      return timings[part]?.busyMs ?? 0;
    },
    fitness: (key, random) => {
      const known = fitness.get(keyOf(key));
      return known === undefined ? someFitness[random.integer(someFitness.length)]! : known;
    },
  };
}
