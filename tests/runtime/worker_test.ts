/** What an actor has said is heard while it blocks its thread. */
import { assertEquals } from "@std/assert";
import { createActorSystem } from "../../actors/runtime/mod.ts";
import type { In, Out } from "./actors/blocking_actor.ts";
import { EventLog } from "./event_log.ts";

const START = new URL("./actors/blocking_actor.ts", import.meta.url);
const TIMEOUT = { timeoutMs: 30_000 };

function raise(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

async function withBlockingActor(
  act: (ask: (message: In) => Promise<unknown>, log: EventLog) => Promise<void>,
): Promise<void> {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  const supervisor = await system.supervise({
    name: "test",
    children: [{ id: "actor", start: START, placement: { kind: "worker" } }],
  });
  const actor = supervisor.ref<In, Out>("actor");
  await act(async (message) => (await system.request(actor, message, TIMEOUT)).value, log);
}

Deno.test("a result is under way before the next message can block the worker", async () => {
  await withBlockingActor(async (ask) => {
    for (let round = 0; round < 20; round++) {
      const flag = new Int32Array(new SharedArrayBuffer(4));
      const result = ask({ type: "Echo", value: round });
      const raised = ask({ type: "Block", flag, beat: false });
      assertEquals(await result, round);
      raise(flag);
      assertEquals(await raised, true);
    }
  });
});

Deno.test("a heartbeat is under way before the computation can block the worker", async () => {
  await withBlockingActor(async (ask, log) => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const raised = ask({ type: "Block", flag, beat: true });
    await log.waitFor("heartbeat");
    raise(flag);
    assertEquals(await raised, true);
  });
});
