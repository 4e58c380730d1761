/** What a host and a system send each other is checked, and ends one actor at most. */
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { serialize } from "node:v8";
import { type ActorRef, createActorSystem, serveActors } from "../../actors/runtime/mod.ts";
import { fromBytes, toBytes } from "../../actors/runtime/transports/nats/bytes.ts";
import { assertToActor } from "../../actors/runtime/transports/nats/to_actor.ts";
import { assertFromHost, assertToHost } from "../../actors/runtime/transports/nats/wire.ts";
import type { In, Out } from "./actors/contract_actor.ts";
import { EventLog } from "./event_log.ts";
import { FakeNats } from "./fake_nats.ts";
import { fc } from "./fast_check.ts";

const START = new URL("./actors/contract_actor.ts", import.meta.url);
const message = { type: "Text" };

/** The frame with the part of this number. */
function frame(number: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(17 + payload.length);
  new DataView(bytes.buffer).setFloat64(0, number);
  bytes[16] = 1;
  bytes.set(payload, 17);
  return bytes;
}

Deno.test("nonsense in a frame that is in order ends an actor, and it is replaced", async () => {
  const log = new EventLog();
  const connection = new FakeNats();
  const host = await serveActors({
    connection,
    name: "desk",
    modules: [START],
    placement: { kind: "worker" },
  });
  const system = createActorSystem({ onEvent: log.listener });
  const placement = { kind: "nats", connection, host: "desk", lostAfterMs: 1000 } as const;
  await system.supervise({
    name: "test",
    intensity: { maxRestarts: 100, withinMs: 1 },
    backoff: { initialMs: 0, factor: 1, maxMs: 0 },
    children: [{ id: "actor", start: START, placement }],
  });
  const actor: ActorRef<In, Out> = { name: "test/actor" };
  const echo = () => system.request(actor, { type: "Echo", value: 1 }, { timeoutMs: 20_000 });
  const nonsense = [new Uint8Array([1, 2, 3]), serialize("text"), serialize(["nonsense"])];
  const batches = [
    "text",
    [["start", "test/actor", START.href, 1, 1]],
    [["deliver", 1, "system", { type: 5 }, true]],
  ].map((batch) => serialize(["batch", batch]));
  let exits = 0;
  for (
    const [end, payloads] of [["host", [...nonsense, ...batches]], ["system", nonsense]] as const
  ) {
    for (const payload of payloads) {
      await echo();
      const subject = [...connection.subjects].filter((name) => name.endsWith(end)).at(-1)!;
      for (let number = 1; number <= 32; number++) {
        connection.publish(subject, frame(number, payload)); // one of them is next
      }
      const exit = (await log.waitFor("exited", ++exits)).at(-1)!;
      assert(exit.reason.kind === "failed");
      assertMatch(exit.reason.error.message, /^Cannot take what was sent [^\n]*$/);
    }
  }
  await echo();
  assertEquals(log.of("exited").length, exits);
  await system.stop();
  await host.stop();
  // What is left of links whose numbers were disturbed notices in time that nobody is there.
  while (connection.subscriptions > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});

Deno.test("the actor of a system that is not heard of any more is ended", async () => {
  const connection = new FakeNats();
  const placement = { kind: "worker" } as const;
  await using _host = await serveActors({ connection, name: "desk", modules: [START], placement });
  const heard = Promise.withResolvers<void>();
  connection.subscribe("actors.desk.a.system", {
    callback: (_, { data }) => data[16] === 1 && heard.resolve(), // more than a sign of life
  });
  const request = { version: 1, link: "a", lostAfterMs: 2000 };
  await connection.request("actors.desk", new TextEncoder().encode(JSON.stringify(request)));
  const start = ["start", "test/actor", START.href, undefined, 1000];
  connection.publish("actors.desk.a.host", frame(1, serialize(["batch", [start]])));
  await heard.promise;
  assertEquals(connection.subscriptions, 3);
  while (connection.subscriptions > 2) await new Promise((resolve) => setTimeout(resolve, 20));
});

Deno.test("a host that may not receive says so", async () => {
  const connection = new FakeNats();
  const host = await serveActors({ connection, name: "desk", modules: [START] });
  connection.forbid("actors.desk");
  await assertRejects(
    () => host.ended,
    Error,
    'Cannot serve actors as "desk": permissions violation',
  );
  await host.stop();
});

Deno.test("a system begins with the order to start, and says only what an actor knows", () => {
  const start = ["start", "a/b", "file:///a.ts", { any: 1 }, 0];
  const check = (item: unknown) => assertToActor([start, item], false);
  const refused = (item: unknown) =>
    assertThrows(() => check(item), TypeError, "", Deno.inspect(item));

  assertToActor([start], false);
  assertThrows(() => assertToActor([], false) ?? assertToActor(5, true), TypeError);
  assertThrows(() => assertToActor([["stop", "why"], start], false), TypeError);
  assertThrows(() => assertToActor([start], true), TypeError);
  for (
    const wrong of [
      ["start", 1, "a.ts", 1, 1],
      ["start", "a/b", new URL("file:///a.ts"), 1, 1],
      ["start", "a/b", "a.ts", 1, -1],
      ["start", "a/b", "a.ts", 1, NaN],
    ]
  ) {
    assertThrows(() => assertToActor([wrong], false), TypeError);
  }

  check(["deliver", 1, "a/b", message, true]);
  check(["deliver", 1, "a/b", message, false, "00-trace"]);
  refused(["deliver", 0, "a/b", message, true]);
  refused(["deliver", 1, 2, message, true]);
  refused(["deliver", 1, "a/b", { type: 1 }, true]);
  refused(["deliver", 1, "a/b", { type: "A", at: new URL("http://a") }, true]);
  refused(["deliver", 1, "a/b", message]);
  refused(["deliver", 1, "a/b", message, true, 7]);
  for (const [name, ...rest] of [["accepted"], ["replied", message], ["barred", "why"]]) {
    check([name, 1, ...rest]);
    for (const call of [0, 0.5, "1", undefined]) refused([name, call, ...rest]);
  }
  check(["refused", 1, "timeout", "why"]);
  refused(["refused", 1, "timeout"]);
  refused(["replied", 1, "text"]);
  refused(["barred", 1]);
  check(["stop", "why"]);
  refused(["stop"]);
  for (const item of [undefined, null, 1, "stop", {}, [], [[]], ["toString"]]) refused(item);
});

Deno.test("a host and a system say nothing else to each other", () => {
  for (const item of [["batch", 5], ["kill"]]) assertToHost(item);
  for (const item of [["batch", 5], ["warn", "why"], ["failed", new Error()], ["gone", 1, null]]) {
    assertFromHost(item);
  }
  assertFromHost(["gone", null, "SIGKILL"]);
  for (const item of [undefined, "kill", [], [["kill"]], ["warn"], ["nonsense"]]) {
    assertThrows(() => assertToHost(item), TypeError, "received");
    assertThrows(() => assertFromHost(item), TypeError, "received");
  }
  for (const item of [["failed", "text"], ["gone", "1", null], ["gone", 1], ["kill"]]) {
    assertThrows(() => assertFromHost(item), TypeError, "received");
  }
});

Deno.test("damaged bytes are an error at most", () => {
  const value = [new Float32Array(3), new Map([[1, new Set(["a"])]]), new Date(0), /a/, [1n, {}]];
  const bytes = toBytes(value);
  assertEquals(fromBytes(bytes), value);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(bytes.length),
      (changes, length) => {
        const damaged = bytes.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        for (const some of [damaged, damaged.subarray(0, length)]) {
          try {
            fromBytes(some);
          } catch (error) {
            assert(error instanceof Error);
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("a view that comes from afar has a buffer of its own", () => {
  for (const view of [new Float64Array(2), new Uint8Array(9).subarray(1, 3), new Float16Array(1)]) {
    const arrived = fromBytes(toBytes([view, "text"])) as [typeof view, string];
    assertEquals(arrived, [view, "text"]);
    assertEquals(arrived[0].buffer.byteLength, view.byteLength);
  }
  const [data] = fromBytes(toBytes([new DataView(new ArrayBuffer(4), 1, 2)])) as [DataView];
  assertEquals([data.byteLength, data.buffer.byteLength], [2, 2]);
});
