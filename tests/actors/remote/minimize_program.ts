/** A run of `minimize`, begun or resumed: FOLDER SERVERS. */
import { minimize, resumeMinimize } from "../../../mod.ts";

export async function main(
  [directory, nats, mode]: readonly [string, string, ("sync" | "async")?],
  signal: AbortSignal,
): Promise<void> {
  const where = { nats: { servers: nats }, signal };
  const isThere = (() => {
    try {
      return Deno.statSync(`${directory}/journal.jsonl`).size > 0;
    } catch {
      return false;
    }
  })();
  await using run = isThere ? resumeMinimize(directory, where) : minimize({
    evaluator: new URL("./slow_sphere.ts", import.meta.url),
    mean: [1, 1, 1],
    population: 6,
    generations: 12,
    finalists: 2,
    finalistRepeats: 1,
    maxAttempts: 100,
    seed: 3,
    workers: 0,
    mode: mode ?? "sync",
    directory,
    ...where,
  });
  for await (const event of run) {
    if (event.type === "workers") console.log(event.text);
  }
  await run.result;
}
