/**
 * Your own objective, minimised by asynchronous CMA-ES on two workers.
 *
 *     deno run --allow-all examples/rosenbrock.ts
 *
 * @module
 */
import { minimize, type Objective } from "../mod.ts";

/** What every worker imports and calls. The smallest value is 0, where all coordinates are 1. */
export const evaluate: Objective = (x) =>
  x.slice(1).reduce((sum, next, i) => sum + 100 * (next - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2, 0);

export async function descend(directory: string): Promise<{ x: readonly number[]; value: number }> {
  await using run = minimize({
    evaluator: new URL(import.meta.url),
    mean: [0, 0, 0, 0],
    sigma: 0.5,
    generations: 300,
    mode: "async",
    finalists: 1,
    finalistRepeats: 0,
    workers: 2,
    seed: 1,
    directory,
  });
  return await run.result;
}

if (import.meta.main) console.log(await descend(`${Deno.makeTempDirSync()}/run`));
