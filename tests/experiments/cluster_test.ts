import { assertEquals, assertMatch } from "@std/assert";
import type { ClusterState } from "../../actors/remote/cluster.ts";
import { clusterText } from "../../experiments/cluster.ts";
import { NatsServer, natsTest } from "../nats_server.ts";
import { evaluations, Running, startMinimize, startWorker } from "../actors/remote/processes.ts";
import { pause } from "../../actors/remote/streams.ts";

const ADDRESSES = ["nats://a:4222"];

Deno.test("workers, what they do, runs, and why something is not used are shown", () => {
  const worker = { name: "w1", devices: ["cpu", "cpu", "gpu:0"], slots: 3, serves: { r1: 3 } };
  const state: ClusterState = {
    workers: [{
      ...worker,
      id: "1",
      holds: [
        {
          run: "r1",
          generation: 3,
          candidate: 7,
          repeat: 0,
          part: "train",
          device: "gpu:0",
          forMs: 12_300,
        },
      ],
      done: 5,
      failures: 1,
      imagesPerSecond: 2236.4,
      refuses: { r2: "it needs \x1b[31m the module a.ts" },
      heardMs: 800,
    }],
    runs: [
      { run: "r1", kind: "search", folder: "runs/a", subject: "mnist", waiting: 4, taken: 1 },
      { run: "r2", kind: "minimize", folder: "runs/b", subject: "a.ts", waiting: 2, taken: 0 },
    ],
    unreadable: { "worker w9": "expected JSON" },
  };
  assertEquals(
    clusterText(state, ADDRESSES),
    `1 worker with 3 slots, 1 busy

worker         devices    busy  images/s  done  failed       heard
------  --------------  ------  --------  ----  ------  ----------
w1      2 x cpu, gpu:0  1 of 3      2236     5       1  800 ms ago

worker  device     run  candidate  repeat   part     for
------  ------  ------  ---------  ------  -----  ------
w1       gpu:0  runs/a        3/7       0  train  12.3 s

run           of     on  waiting  taken  workers
------  --------  -----  -------  -----  -------
runs/a    search  mnist        4      1        1
runs/b  minimize   a.ts        2      0        0

w1 cannot work for runs/b: it needs ?[31m the module a.ts
worker w9 is not used: expected JSON`,
  );
});

function look(server: NatsServer, ...more: string[]): Running {
  return new Running(["cluster", "--nats", server.url, ...more]);
}

natsTest("a cluster is shown as it is: empty, at work, and not there", async () => {
  await using server = await NatsServer.start();
  const empty = await look(server).ended();
  assertEquals(empty.code, 0, empty.error);
  assertMatch(
    empty.out,
    /^No worker is there; to start one, on any host: deno task worker --nats nats:\S+\n\nNo run/,
  );
  const directory = `${server.store}/run`;
  await using _run = startMinimize(server, directory);
  await using _worker = startWorker(server, "w1");
  while (evaluations(directory) < 3) await pause(20, new AbortController().signal);
  const { code, out, error } = await look(server, "--json").ended();
  assertEquals(code, 0, error);
  const { workers, runs, unreadable } = JSON.parse(out) as ClusterState;
  const [worker, ...others] = workers;
  assertEquals([worker?.name, worker?.devices, others], ["w1", ["cpu"], []]);
  assertEquals([runs[0]?.folder, runs[0]?.subject], [directory, "slow_sphere.ts"]);
  assertEquals(worker!.serves, { [runs[0]!.run]: 1 });
  assertEquals(unreadable, {});
  const gone = await new Running(["cluster", "--nats", "nats://127.0.0.1:1"]).ended();
  assertEquals(gone.code, 2);
  assertMatch(gone.error, /^error: .*nothing listens there; .*nats-server --jetstream\n$/);
});
