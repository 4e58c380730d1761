import { assert, assertEquals } from "@std/assert";
import { remoteTimes } from "../../../actors/remote/times.ts";
import type { MinimizeRun } from "../../../mod.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";
import { readFiles } from "../small_search.ts";
import { FakeWorker, sphere } from "./fake_worker.ts";
import { begin, work } from "./small_run.ts";

Object.assign(remoteTimes, { ackWait: 1500, tick: 50, announce: 100, reconnect: 100 });

const FILES = ["candidates.csv", "generations.csv", "finalists.csv", "best.json"];

function countsOf(run: MinimizeRun): { evaluations: number; failed: number; duplicates: number } {
  const { evaluations, failed, duplicates } = JSON.parse(
    Deno.readTextFileSync(`${run.directory}/summary.json`),
  );
  return { evaluations, failed, duplicates };
}

/** Which candidates failed, and why, in order. */
function reasonsOf(run: MinimizeRun): string[] {
  return Deno.readTextFileSync(`${run.directory}/journal.jsonl`).trim().split("\n")
    .map((line) => JSON.parse(line).event)
    .filter(({ status }) => status === "failed")
    .map(({ generation, candidate, reason }) => `${generation}.${candidate}: ${reason}`)
    .sort();
}

natsTest("a part that takes longer than the server waits is done once", async () => {
  await using server = await NatsServer.start();
  const evaluator = new URL(`file://${server.store}/slow.ts`);
  await Deno.writeTextFile(
    evaluator,
    `export const evaluate = async ([x]: readonly number[]) => {
      Deno.writeTextFileSync(new URL("calls", import.meta.url), \`\${x}\\n\`, { append: true });
      await new Promise((resolve) => setTimeout(resolve, 4000));
      return x! * x!;
    };`,
  );
  await using run = begin(server, "run", { evaluator, generations: 1 });
  await using _worker = work(server, [evaluator.href], 2);
  await run.result;
  const calls = Deno.readTextFileSync(new URL("calls", evaluator)).trim().split("\n");
  assertEquals([calls.length, new Set(calls).size], [4, 4]);
  assertEquals(countsOf(run), { evaluations: 4, failed: 0, duplicates: 0 });
});

natsTest(
  "what an objective throws, and what is no finite number, fails as on one host",
  async () => {
    await using server = await NatsServer.start();
    const evaluator = new URL(`file://${server.store}/odd.ts`);
    await Deno.writeTextFile(
      evaluator,
      `export const evaluate = ([x]: readonly number[]) => {
      const way = Math.floor(x! * 1e6) % 5;
      if (way === 0) throw new Error("no value,\\n\\"today\\"");
      return [x! * x!, NaN, Infinity, -Infinity][way - 1];
    };`,
    );
    const options = { evaluator, mean: [100], generations: 6 };
    await using run = begin(server, "run", options);
    await using _worker = work(server, [evaluator.href], 2);
    await using alone = begin(server, "alone", { ...options, workers: 2, nats: undefined });
    await Promise.all([run.result, alone.result]);
    const reasons = reasonsOf(run);
    for (const why of ["no value", " NaN", " Infinity", "-Infinity"]) {
      assert(reasons.some((reason) => reason.includes(why)), reasons.join("\n"));
    }
    assertEquals(reasons, reasonsOf(alone));
    assertEquals(readFiles(run.directory, FILES), readFiles(alone.directory, FILES));
  },
);

natsTest(
  "a worker that is lost before it acknowledges what it answered changes nothing",
  async () => {
    await using server = await NatsServer.start();
    await using run = begin(server, "run", { generations: 12 });
    {
      await using fake = await FakeWorker.join(server);
      const given = await fake.take();
      await fake.answer(given!, sphere(given!.task));
    }
    await using _worker = work(server);
    await run.result;
    assertEquals(countsOf(run), { evaluations: 48, failed: 0, duplicates: 1 });
    await using alone = begin(server, "alone", { generations: 12, workers: 2, nats: undefined });
    await alone.result;
    assertEquals(readFiles(run.directory, FILES), readFiles(alone.directory, FILES));
  },
);
