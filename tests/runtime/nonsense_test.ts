/** Whatever comes from a worker, a process or another host, it ends that actor alone, and says why. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createActorSystem, Mailbox, type Placement } from "../../actors/runtime/mod.ts";
import type { Envelope } from "../../actors/runtime/mod.ts";
import { assertFromActor } from "../../actors/runtime/transports/from_actor.ts";
import { type In, nonsense, type Out } from "./actors/rogue_actor.ts";
import { EventLog } from "./event_log.ts";
import { hasServer, NatsServer } from "../nats_server.ts";
import { openHost } from "./nats_hosts.ts";

const START = new URL("./actors/rogue_actor.ts", import.meta.url);
const TIMEOUT = { timeoutMs: 20_000 };
const server = hasServer ? await NatsServer.start() : undefined;
Deno.test.afterAll(() => server?.[Symbol.asyncDispose]());
const PLACEMENTS: readonly [Placement | undefined, string][] = [
  [{ kind: "worker" }, "a worker"],
  [{ kind: "process", flags: ["--deny-net"] }, "a process"],
  [undefined, "an actor on another host"],
];

for (const [local, what] of PLACEMENTS) {
  const ignore = local === undefined && server === undefined;
  Deno.test(`${what} that talks nonsense fails alone, and is replaced`, { ignore }, async () => {
    await using host = local ? undefined : await openHost(server!, { modules: ["rogue_actor.ts"] });
    const placement = local ?? host!.placement;
    const log = new EventLog();
    await using system = createActorSystem({ onEvent: log.listener });
    const supervisor = await system.supervise({
      name: "test",
      intensity: { maxRestarts: 100, withinMs: 1 },
      backoff: { initialMs: 0, factor: 1, maxMs: 0 },
      children: ["actor", "neighbour"].map((id) => ({ id, start: START, placement })),
    });
    const actor = supervisor.ref<In, Out>("actor");
    for (const [index, sentence] of nonsense.entries()) {
      await system.send(actor, { type: "Say", what: sentence });
      const exit = (await log.waitFor("exited", index + 1)).at(-1)!;
      assertEquals(exit.actor, "test/actor");
      assert(exit.reason.kind === "failed", `${sentence}: ${exit.reason.kind}`);
      assertMatch(
        exit.reason.error.message,
        /^Cannot take what was sent for actor "test\/actor": .*received/,
        sentence,
      );
      await system.request(actor, { type: "Ping" }, TIMEOUT);
    }
    await system.request(supervisor.ref<In, Out>("neighbour"), { type: "Ping" }, TIMEOUT);
    assertEquals(log.of("exited").length, nonsense.length);
  });
}

Deno.test("what an actor says must fit what it was given", () => {
  const mailbox = new Mailbox<Envelope>(10);
  const message = { type: "Text" };
  void mailbox.put({ version: 1, id: 7, from: "a/b", to: "c/d", message });
  const check = (item: unknown, ready = true) => assertFromActor(item, ready, mailbox);
  const refused = (item: unknown, ready = true) =>
    assertThrows(() => check(item, ready), TypeError, undefined, Deno.inspect(item));

  check(["ready", 1], false);
  refused(["ready", 2], false);
  refused(["ready", 1]);
  refused(["done", 1]);
  refused(["reply", 7, message]);
  refused(["unknown"]);
  mailbox.take();
  check(["done", 1]);
  check(["reply", 7, message]);
  check(["unknown"]);
  for (const count of [0, 2, -1, 0.5, NaN, Infinity, "1", 1n]) refused(["done", count]);
  for (const id of [6, "7", undefined, null]) refused(["reply", id, message]);

  check(["send", 1, "nobody", message]);
  check(["send", 1, "a/b", message, "00-trace"]);
  check(["request", 2, "a/b", message, Infinity]);
  refused(["send", 1, { name: "a/b" }, message]);
  refused(["send", NaN, "a/b", message]);
  refused(["send", 1, "a/b", message, 7]);
  for (const wrong of [null, "text", {}, [], { type: 7 }, { type: "A", at: new URL("http://a") }]) {
    refused(["send", 1, "a/b", wrong]);
    refused(["request", 1, "a/b", wrong, 1]);
    refused(["reply", 7, wrong]);
  }
  for (const timeoutMs of [0, -1, NaN, "1", undefined]) {
    refused(["request", 1, "a/b", message, timeoutMs]);
  }

  check(["log", "info", "text", { number: 1 }]);
  refused(["log", "loud", "text", {}]);
  refused(["log", "info", 7, {}]);
  for (const fields of [undefined, null, [], new Map()]) refused(["log", "info", "text", fields]);
  check(["exited", "normal"]);
  refused(["exited", "killed"]);
  check(["failed", new Error("text")]);
  refused(["failed", { message: "text" }]);
  for (const item of [undefined, null, 1, "ready", {}, [], [[]], ["toString"]]) refused(item);
});

Deno.test("what came is shown in one short line", () => {
  const mailbox = new Mailbox<Envelope>(1);
  const item = { text: "line\n".repeat(1e6), list: new Array(1e6).fill({ a: [1] }) };
  const error = assertThrows(() => assertFromActor(item, true, mailbox), TypeError);
  assert(error.message.length < 300 && !error.message.includes("\n"), error.message);
});
