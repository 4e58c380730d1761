/**
 * What the actor runtime costs: each transport next to the bare channel it is built on, and the life
 * of a thousand actors. The two sides take turns within one run; medians of the rounds are compared.
 *
 *     deno run -A bench/runtime.ts [nats://127.0.0.1]
 *
 * With a NATS server, an actor on another host is measured, too, next to one in a process.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { connect } from "@nats-io/transport-node";
import {
  type ActorRef,
  type ActorSystem,
  createActorSystem,
  type Placement,
} from "../actors/runtime/mod.ts";
import type { In, Out } from "./runtime_actor.ts";

const ROUNDS = 9;
const MESSAGES = 20_000;
const ROUND_TRIPS = 2_000;
const ACTOR = new URL("./runtime_actor.ts", import.meta.url);
const BARE_WORKER = new URL("./runtime_bare_worker.ts", import.meta.url);
const NATS_HOST = new URL("./runtime_nats_host.ts", import.meta.url);
const NATS_SERVER = Deno.args[0];
const BARE_PROCESS = new URL("./runtime_bare_process.ts", import.meta.url);

/** One way of sending messages: both ways answer the request after all messages sent before it. */
interface Side extends AsyncDisposable {
  /** Sends one-way messages, and waits until all have been handled. */
  flood(count: number): Promise<void>;
  /** Sends a request and waits for its reply. */
  ask(): Promise<unknown>;
}

function actorSide(system: ActorSystem, actor: ActorRef<In, Out>): Side {
  const ask = () => system.request(actor, { type: "Ask", value: 1 }, { timeoutMs: 60_000 });
  return {
    async flood(count) {
      for (let value = 0; value < count; value++) await system.send(actor, { type: "Tell", value });
      await ask();
    },
    ask,
    [Symbol.asyncDispose]: () => system.stop(),
  };
}

async function runtimeSide(placement: Placement): Promise<Side> {
  const system = createActorSystem();
  const supervisor = await system.supervise({
    name: "bench",
    children: [{ id: "actor", start: ACTOR, placement, mailboxCapacity: 1000 }],
  });
  return actorSide(system, supervisor.ref("actor"));
}

/** A channel with nothing around it but the promise of the reply. */
function bareSide(
  post: (message: In) => void,
  onReply: (listener: () => void) => void,
  close: () => unknown,
): Side {
  let resolve = () => {};
  onReply(() => resolve());
  const ask = () =>
    new Promise<void>((done) => {
      resolve = done;
      post({ type: "Ask", value: 1 });
    });
  return {
    async flood(count) {
      for (let value = 0; value < count; value++) post({ type: "Tell", value });
      await ask();
    },
    ask,
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

function barePort(): Side {
  const { port1, port2 } = new MessageChannel();
  let total = 0;
  port2.onmessage = ({ data }) => {
    if (data.type === "Tell") total += data.value;
    else port2.postMessage({ type: "Total", total });
  };
  return bareSide(
    (message) => port1.postMessage(message),
    (listener) => port1.onmessage = listener,
    () => port1.close(),
  );
}

function bareWorker(): Side {
  const worker = new Worker(BARE_WORKER);
  return bareSide(
    (message) => worker.postMessage(message),
    (listener) => worker.on("message", listener),
    () => worker.terminate(),
  );
}

function bareProcess(): Side {
  const child = spawn(process.execPath, ["run", "--allow-env", fileURLToPath(BARE_PROCESS)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  return bareSide(
    (message) => void child.send(message as never),
    (listener) => child.on("message", listener),
    () =>
      new Promise((resolve) => {
        child.on("exit", resolve);
        child.kill();
      }),
  );
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
}

async function messagesPerSecond(side: Side): Promise<number> {
  const start = performance.now();
  await side.flood(MESSAGES);
  return (1000 * MESSAGES) / (performance.now() - start);
}

async function roundTripsUs(side: Side): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const start = performance.now();
    await side.ask();
    times.push(1000 * (performance.now() - start));
  }
  return times;
}

async function compare(name: string, runtime: Side, bare: Side): Promise<string> {
  const sides = [runtime, bare];
  const rates: number[][] = [[], []];
  const p50s: number[][] = [[], []];
  const p99s: number[][] = [[], []];
  for (let round = -1; round < ROUNDS; round++) {
    for (const [i, side] of sides.entries()) {
      const rate = await messagesPerSecond(side);
      const times = await roundTripsUs(side);
      if (round < 0) continue; // warming up
      rates[i]!.push(rate);
      p50s[i]!.push(quantile(times, 0.5));
      p99s[i]!.push(quantile(times, 0.99));
    }
  }
  const median = (of: number[][]) => of.map((values) => quantile(values, 0.5)) as [number, number];
  const [rate, bareRate] = median(rates);
  const [p50, bareP50] = median(p50s);
  const [p99, bareP99] = median(p99s);
  const cells = [
    name,
    rate.toFixed(0),
    bareRate.toFixed(0),
    `${(100 * rate / bareRate).toFixed(0)} %`,
    p50.toFixed(0),
    bareP50.toFixed(0),
    `${(100 * bareP50 / p50).toFixed(0)} %`,
    p99.toFixed(0),
    bareP99.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

async function thousandLivesMs(): Promise<number> {
  const start = performance.now();
  const system = createActorSystem();
  await system.supervise({
    name: "crowd",
    children: Array.from({ length: 1000 }, (_, i) => ({
      id: `${i}`,
      start: () => ({ receive() {} }),
    })),
  });
  await system.stop();
  return performance.now() - start;
}

async function startMs(placement: Placement): Promise<number> {
  const start = performance.now();
  await using side = await runtimeSide(placement);
  const ms = performance.now() - start;
  await side.ask();
  return ms;
}

async function bareStartMs(open: () => Side): Promise<number> {
  const start = performance.now();
  await using side = open();
  await side.ask();
  return performance.now() - start;
}

/** A host of its own, as another one is; the server is on this one. */
async function natsSide(servers: string): Promise<Side> {
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(NATS_HOST), servers],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  await program.stdout[Symbol.asyncIterator]().next();
  const connection = await connect({ servers });
  const side = await runtimeSide({ kind: "nats", connection, host: "bench" });
  return {
    ...side,
    async [Symbol.asyncDispose]() {
      await side[Symbol.asyncDispose]();
      await connection.close();
      program.kill();
      await program.status;
    },
  };
}

const PROCESS: Placement = { kind: "process" };
const PAIRS: [string, Placement, () => Side][] = [
  ["memory, next to a MessageChannel", { kind: "memory" }, barePort],
  ["worker, next to postMessage", { kind: "worker" }, bareWorker],
  ["process, next to IPC", PROCESS, bareProcess],
];

console.log(`| transport | msgs/s | bare | of bare | p50 us | bare | of bare | p99 us | bare |`);
console.log("|---|---|---|---|---|---|---|---|---|");
for (const [name, placement, open] of PAIRS) {
  await using runtime = await runtimeSide(placement);
  await using bare = open();
  console.log(await compare(name, runtime, bare));
}

if (NATS_SERVER !== undefined) {
  await using runtime = await natsSide(NATS_SERVER);
  await using bare = await runtimeSide(PROCESS);
  console.log(await compare("another host over NATS, next to a process", runtime, bare));
}

const lives: number[] = [];
for (let round = 0; round < 2 * ROUNDS; round++) lives.push(await thousandLivesMs());
console.log(`\n1,000 memory actors started and stopped: ${quantile(lives, 0.5).toFixed(1)} ms`);

console.log(`\n| start | ms | bare |\n|---|---|---|`);
for (const [name, placement, open] of PAIRS.slice(1)) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await startMs(placement));
    theirs.push(await bareStartMs(open));
  }
  const cells = [ours, theirs].map((values) => quantile(values, 0.5).toFixed(0));
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
