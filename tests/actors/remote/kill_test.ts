import { assert, assertEquals } from "@std/assert";
import { connect } from "../../../actors/remote/connect.ts";
import { STREAMS } from "../../../actors/remote/messages.ts";
import { minimize } from "../../../mod.ts";
import { Random } from "../../../random.ts";
import { readFiles } from "../small_search.ts";
import { NatsServer, natsTest, pause } from "../../nats_server.ts";
import { Proxy } from "./proxy.ts";
import { evaluations, type Running, SLOW_SPHERE, startMinimize, startWorker } from "./processes.ts";

const FILES = ["candidates.csv", "generations.csv", "finalists.csv", "best.json"];

let whole: Promise<string[]> | undefined;

/** What the run gives where it is computed on one host. */
function wholeFiles(): Promise<string[]> {
  return whole ??= (async () => {
    const folder = await Deno.makeTempDir();
    await using run = minimize({
      evaluator: new URL(`file://${SLOW_SPHERE}`),
      mean: [1, 1, 1],
      population: 6,
      generations: 12,
      finalists: 2,
      finalistRepeats: 1,
      seed: 3,
      workers: 3,
      directory: `${folder}/run`,
    });
    await run.result;
    const files = readFiles(`${folder}/run`, FILES);
    await Deno.remove(folder, { recursive: true });
    return files;
  })();
}

/** Checks that a run came to its end with nothing lost or counted twice. */
async function requireWhole(run: Running, directory: string): Promise<void> {
  const { code, error, out } = await run.ended();
  assertEquals(code, 0, error + out);
  assertEquals(readFiles(directory, FILES), await wholeFiles());
  assertEquals(evaluations(directory), 12 * 6 + 2);
}

/** Waits until so many evaluations are done. */
async function reach(directory: string, count: number, run: Running): Promise<void> {
  while (evaluations(directory) < count) {
    assert(!run.isOver, "it came to its end before");
    await pause(10);
  }
}

natsTest("workers killed in the middle of their work change no byte of the result", async () => {
  await using server = await NatsServer.start();
  const directory = `${server.store}/run`;
  const random = new Random(1);
  await using run = startMinimize(server, directory);
  const workers = [1, 2, 3].map((n) => startWorker(server, `w${n}`));
  for (let kill = 0; kill < 10; kill++) {
    await reach(directory, 2 + kill * 6 + random.integer(4), run);
    await pause(random.integer(60));
    const victim = random.integer(3);
    workers[victim]!.kill();
    await workers[victim]!.ended();
    workers[victim] = startWorker(server, `w${victim + 1}`);
  }
  await requireWhole(run, directory);
  for (const worker of workers) await worker[Symbol.asyncDispose]();
});

natsTest("a search killed five times goes on with what workers did meanwhile", async () => {
  await using server = await NatsServer.start();
  const directory = `${server.store}/run`;
  const random = new Random(2);
  await using _first = startWorker(server, "w1");
  await using _second = startWorker(server, "w2");
  for (let kill = 0; kill < 5; kill++) {
    await using run = startMinimize(server, directory);
    await reach(directory, 3 + kill * 12 + random.integer(6), run);
    await pause(random.integer(60));
    run.kill();
    await run.ended();
    await pause(100); // Long enough for a worker to finish what it has.
  }
  await requireWhole(startMinimize(server, directory), directory);
});

natsTest("a server killed twice, the second time with all that it had, loses nothing", async () => {
  await using server = await NatsServer.start();
  const directory = `${server.store}/run`;
  await using _first = startWorker(server, "w1");
  await using _second = startWorker(server, "w2");
  await using run = startMinimize(server, directory);
  await reach(directory, 10, run);
  await server.kill();
  await pause(300);
  await server.start();
  await reach(directory, 40, run);
  await server.kill();
  await server.forget();
  await server.start();
  await requireWhole(run, directory);
});

natsTest("a worker that is cut off, and one that leaves, change no byte either", async () => {
  await using server = await NatsServer.start();
  const directory = `${server.store}/run`;
  await using proxy = new Proxy(server.port);
  await using behind = startWorker(proxy, "behind");
  await using leaving = startWorker(server, "leaving");
  await using run = startMinimize(server, directory);
  await reach(directory, 10, run);
  proxy.isCut = true;
  await reach(directory, 30, run);
  leaving.kill("SIGINT");
  const { code, out } = await leaving.ended();
  assertEquals(code, 0);
  assert(/left; \d+ parts done, [01] not\n$/.test(out), out);
  assert(!run.isOver);
  proxy.isCut = false; // What comes out of it first is old.
  await requireWhole(run, directory);
  behind.kill("SIGINT");
  assertEquals((await behind.ended()).code, 0);
});

natsTest(
  "a worker killed when its answer is stored and not acknowledged is counted once",
  async () => {
    await using server = await NatsServer.start();
    const directory = `${server.store}/run`;
    await using run = startMinimize(server, directory);
    for (let kill = 0; kill < 3; kill++) {
      await using proxy = new Proxy(server.port);
      await using worker = startWorker(proxy, "killed");
      proxy.onSaid = (text) => text.includes("PUB mddes.answer.") && worker.kill();
      assertEquals((await worker.ended()).code, 137);
    }
    await using _last = startWorker(server, "last");
    await requireWhole(run, directory);
    const { duplicates } = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
    assert(duplicates >= 1 && duplicates <= 3, `${duplicates}`);
  },
);

natsTest("a search killed wherever it makes or removes what it has on the server", async () => {
  await using server = await NatsServer.start();
  const directory = `${server.store}/run`;
  await using _worker = startWorker(server, "w1");
  const begins = [
    ...["STREAM.CREATE.mddes-runs", "STREAM.CREATE.mddes-answers", "mddes.run."],
    ...["CONSUMER.CREATE.mddes-tasks", "STREAM.INFO.mddes-answers", "STREAM.INFO.mddes-tasks"],
  ];
  const retires = [
    "CONSUMER.DELETE",
    "PURGE.mddes-tasks",
    "PURGE.mddes-runs",
    "PURGE.mddes-answers",
  ];
  for (const instant of [...begins, ...retires]) {
    await using proxy = new Proxy(server.port);
    await using run = startMinimize(proxy, directory);
    let said = "";
    proxy.onSaid = (text) => {
      said += text;
      if (said.includes(instant)) run.kill();
    };
    const { code, error, out } = await run.ended();
    assertEquals(code, 137, `${instant}: ${error}${out}`);
  }
  await requireWhole(startMinimize(server, directory), directory);
  await using connection = await connect({ servers: server.url }, "test");
  for (const stream of Object.values(STREAMS)) {
    const { state: { messages, consumer_count } } = await connection.jsm.streams.info(stream);
    assertEquals([stream, messages, consumer_count], [stream, 0, 0]);
  }
});
