import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { encode, RELEASE, subjects, taskId } from "../../../actors/remote/messages.ts";
import { remoteTimes } from "../../../actors/remote/times.ts";
import { runWorker } from "../../../actors/worker/worker.ts";
import { type MinimizeRun, resumeMinimize, RunStopped } from "../../../mod.ts";
import { readFiles } from "../small_search.ts";
import { answerTo, FakeWorker, sphere } from "./fake_worker.ts";
import { begin, work } from "./small_run.ts";
import { NatsServer, natsTest, pause } from "../../nats_server.ts";

Object.assign(remoteTimes, { tick: 50, announce: 100, reconnect: 100 });

const FILES = ["candidates.csv", "generations.csv", "finalists.csv"];

/** Follows a run; its lines about workers are the result. */
async function linesOf(run: MinimizeRun): Promise<string[]> {
  const lines: string[] = [];
  for await (const event of run) if (event.type === "workers") lines.push(event.text);
  return lines;
}

natsTest(
  "answers that cannot be used are told and passed over, and those that come twice are counted",
  async () => {
    await using server = await NatsServer.start();
    await using run = begin(server, "run");
    const lines = linesOf(run);
    await using worker = await FakeWorker.join(server);
    const first = await worker.take();
    const { task } = first!;
    const key = { worker: "fake", digest: "0".repeat(16) };
    await worker.say(new TextEncoder().encode("{"));
    await worker.say(new Uint8Array(1_010_000));
    await worker.say(encode({ ...key, answer: { type: "PartDone", generation: -1 } }));
    await worker.say(answerTo(task, 1, { release: "mddes 0.0.1" }));
    await worker.say(answerTo(task, 1, { protocol: 2 }));
    await worker.answer(first!, 1, { digest: "0".repeat(16) }); // Of another point: not the same candidate.
    await worker.answer(first!, sphere(task));
    await worker.answer(first!, sphere(task));
    await first!.message.ackAck();
    for (let done = 1; done < 8; done++) {
      const given = await worker.take();
      // One worker is slow, and another one is given the same: both answers come in the end.
      if (done === 3) {
        given!.message.nak();
        const again = await worker.take();
        assertEquals(again!.task, given!.task);
        assertEquals(again!.message.info.deliveryCount, 2);
        await worker.answer(again!, sphere(again!.task));
        await again!.message.ackAck();
      }
      await worker.answer(given!, sphere(given!.task));
      given!.message.ack();
    }
    await run.result;
    const said = await lines;
    for (
      const expected of [
        "Cannot use an answer: expected JSON",
        "Cannot use an answer: expected at most 1000000 bytes, received 1010000",
        "Cannot use an answer: expected answer.generation to be a count, received -1",
        `Cannot use an answer: expected ${RELEASE} (protocol 1), received mddes 0.0.1 (protocol 1)`,
        `Cannot use an answer: expected ${RELEASE} (protocol 1), received ${RELEASE} (protocol 2)`,
      ]
    ) assert(said.includes(expected), `${expected}\n\n${said.join("\n")}`);
    const summary = JSON.parse(Deno.readTextFileSync(`${run.directory}/summary.json`));
    assertEquals([summary.evaluations, summary.duplicates], [8, 3]);
    await using alone = begin(server, "alone", { workers: 2, nats: undefined });
    await alone.result;
    assertEquals(readFiles(run.directory, FILES), readFiles(alone.directory, FILES));
  },
);

natsTest("a candidate that its workers do not survive is given up", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run", { generations: 1, maxAttempts: 2 });
  await using fake = await FakeWorker.join(server);
  const lost = await fake.take();
  lost!.message.nak();
  const again = await fake.take();
  assertEquals(again!.message.info.deliveryCount, 2);
  again!.message.nak();
  const worker = work(server);
  await run.result;
  await worker.leave();
  const { generation, candidate } = lost!.task;
  const row = Deno.readTextFileSync(`${run.directory}/candidates.csv`).split("\r\n")
    .find((line) => line.startsWith(`${generation},${candidate},`));
  assertMatch(row!, /failed/);
  const journal = Deno.readTextFileSync(`${run.directory}/journal.jsonl`);
  assert(journal.includes("its worker was lost 2 times"));
});

natsTest(
  "a worker tells what it cannot use, and what is of another release is told on both sides",
  async () => {
    await using server = await NatsServer.start();
    await using run = begin(server, "run", { generations: 40 });
    const lines = linesOf(run);
    await using fake = await FakeWorker.join(server, 2);
    const { connection } = fake;

    const given = await fake.take(); // Nobody else gets it meanwhile.
    const worker = work(server);
    const { task } = given!;
    const subject = subjects.task(
      fake.run,
      taskId(task, "measure", "0".repeat(16)),
    );
    await connection.js.publish(subject, encode({ ...task, genome: [] }));
    await connection.js.publish(
      subjects.task(fake.run, taskId(task, "measure", "1".repeat(16))),
      encode(task),
    );
    await connection.js.publish(subjects.run("alien"), encode({ release: "mddes 9.9.9" }));
    await connection.jsm.consumers.add("mddes-tasks", {
      durable_name: "alien",
      filter_subject: subjects.tasks("alien"),
      ack_policy: "explicit",
    });
    const wanted = [
      /^cannot use a task of run .*: expected genome to be a list of numbers/,
      /^cannot use a task of run .*: it came as mddes\.task\./,
      /^cannot work for run alien: its host has other messages: expected mddes .*, received mddes 9\.9\.9/,
    ];
    while (!wanted.every((line) => worker.said.some((text) => line.test(text)))) {
      // As workers do, who say so again and again.
      connection.nats.publish(
        subjects.worker("old"),
        encode({ release: "mddes 0.0.1", id: "old" }),
      );
      connection.nats.publish(subjects.worker("odd"), encode({ id: "odd" }));
      await pause(20);
    }
    await worker.leave();
    run.stop();
    const told = await lines;
    assert(
      told.some((line) => /^the worker at .*old gets nothing: expected mddes .*0\.0\.1/.test(line)),
    );
    assert(
      told.some((line) => /^Cannot read what the worker at .*odd says: name is missing/.test(line)),
    );
  },
);

natsTest("the pruner of a search ends candidates of workers elsewhere", async () => {
  await using server = await NatsServer.start();
  const stepwise = new URL("../objectives/stepwise.ts", import.meta.url);
  await using run = begin(server, "run", { evaluator: stepwise, generations: 4, pruner: "median" });
  const stop = new AbortController();
  const working = runWorker({
    nats: { servers: server.url },
    name: "real",
    devices: ["cpu", "cpu"],
    isolation: "process",
    modules: [stepwise.href],
    say: () => {},
    signal: stop.signal,
  });
  await run.result;
  stop.abort();
  await working;
  const { pruned } = JSON.parse(Deno.readTextFileSync(`${run.directory}/summary.json`));
  assert(pruned > 0, `${pruned} were pruned`);
});

natsTest(
  "what workers finished while nobody searched is taken, and not asked for again",
  async () => {
    await using server = await NatsServer.start();
    await using run = begin(server, "run", { generations: 1 });
    {
      await using fake = await FakeWorker.join(server, 4);
      const given = [];
      while (given.length < 4) given.push((await fake.take())!);
      run.stop();
      await assertRejects(() => run.result, RunStopped);
      for (const each of given) await fake.answer(each, sphere(each.task));
      for (const each of given) await each.message.ackAck();
    }
    await using resumed = resumeMinimize(run.directory, { nats: { servers: server.url } });
    await resumed.result; // There is no worker any more.
    const summary = JSON.parse(Deno.readTextFileSync(`${run.directory}/summary.json`));
    assertEquals([summary.evaluations, summary.duplicates], [4, 0]);
    await using alone = begin(server, "alone", { generations: 1, workers: 2, nats: undefined });
    await alone.result;
    assertEquals(readFiles(run.directory, FILES), readFiles(alone.directory, FILES));
  },
);

natsTest("what a worker had that is gone is done here, where somebody can do it", async () => {
  await using server = await NatsServer.start();
  const { ackWait } = remoteTimes;
  remoteTimes.ackWait = 300;
  await using run = begin(server, "run", { workers: 1, generations: 3 });

  const lines = linesOf(run);
  {
    await using fake = await FakeWorker.join(server, 2);
    await fake.take();
  }
  await run.result;
  remoteTimes.ackWait = ackWait;
  assert((await lines).includes("worker fake was not heard of any more: none is left"));
  await using alone = begin(server, "alone", { generations: 3, workers: 2, nats: undefined });
  await alone.result;
  assertEquals(readFiles(run.directory, FILES), readFiles(alone.directory, FILES));
});

natsTest(
  "an asynchronous search draws no more candidates than there are slots to try them",
  async () => {
    await using server = await NatsServer.start();
    await using run = begin(server, "run", { generations: 3, mode: "async" });
    await using fake = await FakeWorker.join(server, 2);
    const given = [await fake.take(), await fake.take()];
    await pause(200);
    const journal = Deno.readTextFileSync(`${run.directory}/journal.jsonl`);
    assertEquals(journal.split('"Sampled"').length - 1, 2);

    for (const each of given) await fake.answer(each!, sphere(each!.task));
    for (const each of given) await each!.message.ackAck();
    for (let next; (next = await fake.take()) !== undefined;) {
      await fake.answer(next, sphere(next.task));
      next.message.ack(); // The run may be over, and nobody there to say that it was heard.
    }
    await run.result;
    const { evaluations } = JSON.parse(Deno.readTextFileSync(`${run.directory}/summary.json`));
    assert(evaluations >= 12 && evaluations <= 14, `${evaluations}`); // Two may be on their way at the end.
  },
);
