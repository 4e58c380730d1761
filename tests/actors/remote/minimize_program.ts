/** A run of `minimize`, begun or resumed: FOLDER SERVER [CA CERTIFICATE KEY]. */
import { natsFrom } from "../../../actors/remote/nats_options.ts";
import { minimize, resumeMinimize } from "../../../mod.ts";

export async function main(
  [directory, server, ...files]: readonly [string, string, ...string[]],
  signal: AbortSignal,
): Promise<void> {
  const [natsCa, natsCert, natsKey] = files;
  const where = { nats: natsFrom({ nats: [server], natsCa, natsCert, natsKey }), signal };
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
    directory,
    ...where,
  });
  for await (const event of run) {
    if (event.type === "workers") console.log(event.text);
  }
  await run.result;
}
