/** Small runs to report on: finished, stopped, asynchronous, failing, and of an objective. */
import type { EvaluationKey } from "../../actors/record/facts.ts";
import { readBest } from "../../actors/record/run_directory.ts";
import { RunStopped } from "../../actors/population/run.ts";
import { minimize, search, type SearchRunOptions } from "../../mod.ts";
import { testsCsv } from "../../experiments/study/methods.ts";
import { small } from "../actors/small_search.ts";

/** A folder of runs that is removed at the end of its scope. */
export interface ReportedRuns extends Disposable {
  readonly path: string;
}

/** An empty folder. */
export function scratch(): ReportedRuns {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Run a search to its end. */
export async function searched(
  directory: string,
  options: SearchRunOptions = {},
): Promise<string> {
  await using run = search({ ...small, ...options, directory });
  await run.result;
  return directory;
}

/** Begin a search, and stop it when some of its evaluations are done. */
export async function stopped(
  directory: string,
  after: number,
  generations = 3,
): Promise<string> {
  await using run = search({ ...small, generations, directory });
  let evaluated = 0;
  for await (const event of run) {
    if (event.type === "evaluated" && ++evaluated === after) run.stop();
  }
  await run.result.catch((error) => {
    if (!(error instanceof RunStopped)) throw error;
  });
  return directory;
}

/** A search some of whose candidates cannot be trained. */
export function failing(directory: string): Promise<string> {
  return searched(directory, { optimizer: "sgd", learningRate: 10, epochs: 10, generations: 2 });
}

/** Minimise an objective. */
export async function minimized(directory: string): Promise<string> {
  await using run = minimize({
    evaluator: new URL("../actors/objectives/sphere.ts", import.meta.url),
    mean: [1, 1, 1],
    sigma: 0.5,
    generations: 30,
    mode: "async",
    workers: 2,
    directory,
  });
  await run.result;
  return directory;
}

/**
 * Put a table of tested networks into the folder of a run, as `deno task evaluate` does.
 *
 * @param winner Whose disturbance they were trained on. Default: the winner's.
 */
export function addTests(
  directory: string,
  winner: Pick<EvaluationKey, "generation" | "candidate"> = readBest(directory),
): void {
  const tests = ["clean", "mddes"].flatMap((method, index) =>
    [0, 1].map((repeat) => ({
      method,
      draw: 0,
      repeat,
      seed: repeat,
      outcome: {
        type: "TestScores" as const,
        testAccuracy: 0.9 - 0.4 * index + 0.02 * repeat,
        testLoss: 0.5,
        perturbedAccuracy: 0.95,
        engine: "onnx/cpu",
        busyMs: 1,
      },
    }))
  );
  Deno.writeTextFileSync(
    `${directory}/evaluation-graynet-adam.csv`,
    testsCsv(tests, { mddes: winner }),
  );
}
