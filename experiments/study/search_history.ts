/**
 * What a search had found at each moment, from its journal.
 *
 * @module
 */
import { searchSchema } from "../../actors/configuration.ts";
import { readJournal } from "../../actors/record/journal.ts";
import { readConfiguration } from "../../actors/record/run_directory.ts";
import { decode, type Disturbance, type GenomeSpec } from "../../datasets/mod.ts";

/** The best candidate so far. */
export interface BestSoFar {
  /** From 0: after so many generations and this one. */
  readonly generation: number;
  /** Of the search, without the repeats of the finalists. */
  readonly fitness: number;
  readonly disturbance: Disturbance;
}

/**
 * The candidate with the highest fitness up to each generation. A generation before which every
 * evaluation failed has none.
 *
 * @param directory Of a run of `search`.
 * @param images Those that were searched with.
 * @throws {ConfigurationError} If its `config.json` cannot be read.
 * @throws {SyntaxError} If its journal is damaged.
 */
export async function bestSoFar(
  directory: string,
  images: Pick<GenomeSpec, "classes" | "shape">,
): Promise<BestSoFar[]> {
  const { pixels, perturbation } = readConfiguration(directory, "search", searchSchema);
  const { events } = await readJournal(`${directory}/journal.jsonl`);
  const points = new Map<string, readonly number[]>();
  const bests: { generation: number; fitness: number; point: readonly number[] }[] = [];
  for (const event of events) {
    if (event.type === "Begun" || event.type === "Ended" || event.repeat > 0) continue;
    const key = `${event.generation} ${event.candidate}`;
    if (event.type === "Sampled") {
      points.set(key, event.draw.x);
      continue;
    }
    const { generation, fitness } = event;
    if (fitness === null) continue;
    const known = bests[generation];
    if (known && known.fitness >= fitness) continue;
    bests[generation] = { generation, fitness, point: points.get(key)! };
  }
  const spec = { ...images, pixels, mode: perturbation };
  let best: (typeof bests)[number] | undefined;
  return [...bests].flatMap((own, generation) => {
    if (own && (!best || own.fitness > best.fitness)) best = own;
    return best
      ? [{ generation, fitness: best.fitness, disturbance: decode(best.point, spec) }]
      : [];
  });
}
