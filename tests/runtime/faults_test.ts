/** Whatever an actor does to itself, its system notices, says why, and replaces it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createActorSystem,
  describeExit,
  type Placement,
  RequestError,
} from "../../actors/runtime/mod.ts";
import type { Fault, In, Out } from "./actors/faulty_actor.ts";
import { EventLog } from "./event_log.ts";

const START = new URL("./actors/faulty_actor.ts", import.meta.url);
const TIMEOUT = { timeoutMs: 30_000 };
const WORKER: Placement = { kind: "worker", heapMb: 32 };
const PROCESS: Placement = { kind: "process", flags: ["--v8-flags=--max-old-space-size=32"] };

const cases: readonly [Placement, Fault, expected: string | RegExp][] = [
  [WORKER, "spinning", "it was killed (hung)"],
  [WORKER, "asleep in a native call", "it was killed (hung)"],
  [WORKER, "out of memory", "it was killed (hung)"],
  [WORKER, "out with code 0", "it exited with code 0"],
  [WORKER, "out with code 3", "it exited with code 3"],
  [WORKER, "throwing", "it failed: thrown"],
  [WORKER, "throwing what cannot be copied", "it failed: thrown"],
  [WORKER, "throwing what cannot be read", "it failed: something that has no text was thrown"],
  [WORKER, "throwing later", "it failed: thrown later"],
  [WORKER, "rejecting unheard", "it failed: rejected"],
  [PROCESS, "spinning", "it was killed (hung)"],
  [PROCESS, "asleep in a native call", "it was killed (hung)"],
  [PROCESS, "out of memory", /it was ended by SIG(TRAP|ABRT|ILL)|it exited with code 13\d/],
  [PROCESS, "out with code 0", "it exited with code 0"],
  [PROCESS, "out with code 3", "it exited with code 3"],
  [PROCESS, "throwing", "it failed: thrown"],
  [PROCESS, "throwing what cannot be copied", "it failed: thrown"],
  [PROCESS, "throwing what cannot be read", "it failed: something that has no text was thrown"],
  [PROCESS, "throwing later", "it failed: thrown later"],
  [PROCESS, "rejecting unheard", "it failed: rejected"],
  [PROCESS, "crashing natively", "it was ended by SIGABRT"],
];

for (const [placement, fault, expected] of cases) {
  Deno.test(`a ${placement.kind} that is ${fault} is replaced, and the reason is known`, async () => {
    const log = new EventLog();
    await using system = createActorSystem({ onEvent: log.listener });
    const dies = placement.kind === "process" && fault === "out of memory";
    const heartbeatTimeoutMs = dies ? 30_000 : 500;
    const supervisor = await system.supervise({
      name: "test",
      children: [{ id: "actor", start: START, placement, heartbeatTimeoutMs }],
    });
    const actor = supervisor.ref<In, Out>("actor");
    const request = system.request(actor, { type: "Be", fault }, TIMEOUT);
    const error = await assertRejects(() => request, RequestError);
    assertEquals(error.failure, "exited");
    const why = describeExit(log.of("exited")[0]!.reason);
    assert(typeof expected === "string" ? why === expected : expected.test(why), why);
    assertEquals((await system.request(actor, { type: "Ping" }, TIMEOUT)).type, "Pid");
    assertEquals(log.of("dead-letter").map(({ envelope }) => envelope.message), [
      { type: "Be", fault } as In,
    ]);
  });
}

Deno.test("a process that is killed from outside 10 times is replaced 10 times", async () => {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  const supervisor = await system.supervise({
    name: "test",
    intensity: { maxRestarts: 10, withinMs: 60_000 },
    backoff: { initialMs: 0, factor: 1, maxMs: 0 },
    children: [{ id: "actor", start: START, placement: { kind: "process" } }],
  });
  const actor = supervisor.ref<In, Out>("actor");
  const pids = new Set<number>();
  for (let kills = 1; kills <= 10; kills++) {
    const reply = await system.request(actor, { type: "Ping" }, TIMEOUT);
    assert(reply.type === "Pid");
    pids.add(reply.pid);
    Deno.kill(reply.pid, "SIGKILL");
    const exits = await log.waitFor("exited", kills);
    assertEquals(exits.at(-1)!.reason, { kind: "exited", code: null, signal: "SIGKILL" });
  }
  assertEquals((await system.request(actor, { type: "Ping" }, TIMEOUT)).type, "Pid");
  assertEquals(pids.size, 10);
});

for (const placement of [WORKER, PROCESS]) {
  Deno.test(`a stop ends ${placement.kind} actors that do not listen`, async () => {
    const log = new EventLog();
    const system = createActorSystem({ onEvent: log.listener, stopMs: 300 });
    const supervisor = await system.supervise({
      name: "test",
      order: "parallel",
      children: ["a", "b"].map((id) => ({ id, start: START, placement, shutdownMs: 60_000 })),
    });
    for (const id of ["a", "b"]) {
      await system.send(supervisor.ref<In>(id), { type: "Be", fault: "spinning" });
    }
    await log.waitFor("heartbeat", 2);
    await system.stop();
    assertEquals(log.of("exited").map(({ reason }) => reason), [
      { kind: "killed", cause: "shutdown-timeout" },
      { kind: "killed", cause: "shutdown-timeout" },
    ]);
  });
}

Deno.test("a worker that cannot be ended is left behind, and the next one works", async () => {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  const supervisor = await system.supervise({
    name: "test",
    children: [{ id: "actor", start: START, placement: WORKER }],
  });
  const actor = supervisor.ref<In, Out>("actor");
  await system.send(actor, { type: "Be", fault: "asleep in a native call" });
  await log.waitFor("heartbeat");
  assert(system.kill(actor));
  assertEquals((await system.request(actor, { type: "Ping" }, TIMEOUT)).type, "Pid");
});

Deno.test("an actor that never starts is killed, and its supervisor fails", async () => {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  const start = new URL("./actors/sleepy_actor.ts", import.meta.url);
  await assertRejects(
    () =>
      system.supervise({
        name: "test",
        children: [{ id: "actor", start, placement: WORKER, startTimeoutMs: 300 }],
      }),
    Error,
    "start-timeout",
  );
  assertEquals(log.lives(), ["exited test/actor (killed)", "escalated test"]);
});
