import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readLog } from "../../../actors/record/log.ts";
import { connect } from "../../../actors/remote/connect.ts";
import { STREAMS } from "../../../actors/remote/messages.ts";
import { remoteTimes } from "../../../actors/remote/times.ts";
import { resumeMinimize } from "../../../mod.ts";
import { ConfigurationError } from "../../../options.ts";
import { readFiles } from "../small_search.ts";
import { FakeWorker } from "./fake_worker.ts";
import { begin as beginSmall, work } from "./small_run.ts";
import { NatsServer, natsTest, pause } from "../../nats_server.ts";

Object.assign(remoteTimes, { tick: 50, announce: 100, reconnect: 100 });

/** Six generations, unless others are asked for. */
const begin: typeof beginSmall = (server, name, more) =>
  beginSmall(server, name, { generations: 6, ...more });

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    assert(waited < 30_000, "it did not happen");
    await pause(20);
  }
}

natsTest(
  "a module with another content is refused in a line, on both sides and in the log",
  async () => {
    await using server = await NatsServer.start();
    const other = `${server.store}/slow_sphere.ts`;
    await Deno.writeTextFile(other, "export const evaluate = () => 1;");
    await using run = begin(server, "run");
    const worker = work(server, [`file://${other}`]);
    const lines: string[] = [];
    for await (const event of run) {
      if (event.type !== "workers") continue;
      lines.push(event.text);
      if (event.text.startsWith("worker real cannot work")) break;
    }
    const stranger = work(server, []);
    await until(() => stranger.said.length > 1);
    run.stop();
    await run.result.catch(() => {});
    await worker.leave();
    await stranger.leave();
    const why = `${other} is not the slow_sphere.ts of the search: expected SHA-256 `;
    assert(lines.at(-1)!.startsWith(`worker real cannot work for this run: ${why}`), lines.at(-1));
    assert(worker.said[1]!.includes(why), worker.said[1]);
    assertMatch(
      stranger.said[1]!,
      /it needs the module slow_sphere\.ts, with SHA-256 [0-9a-f]{64}; start/,
    );
    const log = readLog(`${run.directory}/log.jsonl`);
    assertEquals(
      log.filter(({ actor }) => actor === "remote").map(({ text }) => text).slice(0, lines.length),
      lines,
    );
  },
);

natsTest("one slot takes turns between two searches", async () => {
  await using server = await NatsServer.start();
  await using one = begin(server, "one", { generations: 100 });
  await using other = begin(server, "other", { generations: 100 });
  const worker = work(server);
  const isBoth = () => one.snapshot().evaluations > 0 && other.snapshot().evaluations > 0;
  await until(isBoth);
  const done = () => [one.snapshot().evaluations, other.snapshot().evaluations] as const;
  const [a, b] = done();
  await until(() => done()[0] + done()[1] >= a + b + 20);
  const [c, d] = done();
  assert(Math.abs((c - a) - (d - b)) <= 3, `${c - a} and ${d - b}`);
  await worker.leave();
  for (const run of [one, other]) {
    run.stop();
    await run.result.catch(() => {});
  }
});

natsTest("a server that stores nothing more is told, and keeps nobody from leaving", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run", { generations: 40 });
  await using fake = await FakeWorker.join(server, 4);
  await fake.take();
  const { jsm } = fake.connection;
  const { config } = await jsm.streams.info("mddes-answers");
  await jsm.streams.update("mddes-answers", { ...config, max_bytes: 1, discard: "new" });
  const worker = work(server);
  await until(() =>
    worker.said.some((line) => line.includes("does not take an answer: maximum bytes"))
  );
  await worker.leave();
  assertMatch(worker.said.at(-1)!, /^left; /);
  run.stop();
  await run.result.catch(() => {});
});

natsTest("a worker leaves, too, when its server is not there", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run");
  const worker = work(server);
  await until(() => run.snapshot().evaluations > 0);
  await server.kill();
  await pause(300);
  await worker.leave();
  assertMatch(worker.said.at(-1)!, /^left; /);
  run.stop();
  await run.result.catch(() => {});
  await server.start();
});

natsTest("a copy of a run is not searched for while the run is, and later is", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run");
  const worker = work(server);
  await until(() => run.snapshot().evaluations > 0);
  const copy = `${server.store}/copy`;
  await Deno.mkdir(copy);
  for (const file of ["config.json", "journal.jsonl"]) {
    await Deno.copyFile(`${run.directory}/${file}`, `${copy}/${file}`);
  }
  const nats = { servers: server.url };
  await assertRejects(
    () => resumeMinimize(copy, { nats }).result,
    ConfigurationError,
    "another process does that for the same run",
  );
  await run.result;
  await using resumed = resumeMinimize(copy, { nats });
  await resumed.result;
  await worker.leave();
  const files = ["candidates.csv", "generations.csv"];
  assertEquals(readFiles(copy, files), readFiles(run.directory, files));
});

natsTest("a queue that somebody has removed is made again", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run");
  const worker = work(server);
  await until(() => run.snapshot().evaluations > 2);
  await using connection = await connect({ servers: server.url }, "test");
  const [queue] = await connection.jsm.consumers.list(STREAMS.tasks).next();
  await connection.jsm.consumers.delete(STREAMS.tasks, queue!.name);
  await run.result;
  await worker.leave();
});

natsTest("a slot that cannot start a run leaves it to the others", async () => {
  await using server = await NatsServer.start();
  const path = `${server.store}/picky.ts`;
  // Loaded to be checked here and there, then by each slot, of which the first one fails.
  await Deno.writeTextFile(
    path,
    `let load = 0;
    for (; load < 9; load++) {
      try {
        Deno.mkdirSync(new URL(\`load-\${load}\`, import.meta.url));
        break;
      } catch { /* it was loaded so often */ }
    }
    if (load === 2) throw new Error("no card");
    export const evaluate = ([x]: readonly number[]) => x! * x!;`,
  );
  const picky = new URL(`file://${path}`);
  await using run = begin(server, "run", { evaluator: picky, generations: 10_000 });
  const lines: string[] = [];
  const following = (async () => {
    for await (const event of run) if (event.type === "workers") lines.push(event.text);
  })();
  const worker = work(server, [picky.href], 2);
  await until(() => run.snapshot().evaluations > 8);
  await until(() =>
    lines.includes("worker real now has 1 slot of its 2 for this run: 1 worker, 1 slot")
  );
  assert(
    worker.said.some((line) => /^slot [01] \(cpu\) cannot work for run .*no card/.test(line)),
    worker.said.join("\n"),
  );
  run.stop();
  await run.result.catch(() => {});
  await following;
  await worker.leave();
});

natsTest("a worker says once that it works for a run, whoever goes on with it", async () => {
  await using server = await NatsServer.start();
  await using run = begin(server, "run", { generations: 1000 });
  const worker = work(server);
  await until(() => run.snapshot().evaluations > 0);
  run.stop();
  await run.result.catch(() => {});
  const nats = { servers: server.url };
  await using resumed = resumeMinimize(run.directory, { nats, generations: 1001 });
  await until(() => resumed.snapshot().evaluations > run.snapshot().evaluations + 8);
  resumed.stop();
  await resumed.result.catch(() => {});
  await using finished = resumeMinimize(run.directory, { nats, finish: true });
  await finished.result;
  await until(() => worker.said.some((line) => line.endsWith("is over")));
  await worker.leave();
  const lines = worker.said.filter((line) => /works for run|is over/.test(line));
  assertEquals(lines.length, 2, lines.join("\n"));
});
