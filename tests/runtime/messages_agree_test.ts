/** What a message holds arrives whole wherever the receiver runs, or is an error at its sender. */
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  type ActorRef,
  type ActorSystem,
  createActorSystem,
  type Placement,
} from "../../actors/runtime/mod.ts";
import type { In, Out } from "./actors/contract_actor.ts";
import { fc } from "./fast_check.ts";
import { hasServer, NatsServer } from "../nats_server.ts";
import { openHost } from "./nats_hosts.ts";

const START = new URL("./actors/contract_actor.ts", import.meta.url);
const TIMEOUT = { timeoutMs: 20_000 };
const server = hasServer ? await NatsServer.start() : undefined;
Deno.test.afterAll(() => server?.[Symbol.asyncDispose]());
const PLACEMENTS: readonly Placement[] = [
  { kind: "memory" },
  { kind: "worker" },
  { kind: "process" },
];

async function withActors(
  act: (system: ActorSystem, actors: ReadonlyMap<string, ActorRef<In, Out>>) => Promise<void>,
): Promise<void> {
  await using host = server && await openHost(server, { modules: ["contract_actor.ts"] });
  const placements = host === undefined ? PLACEMENTS : [...PLACEMENTS, host.placement];
  await using system = createActorSystem();
  const supervisor = await system.supervise({
    name: "test",
    order: "parallel",
    intensity: { maxRestarts: 1000, withinMs: 1 },
    backoff: { initialMs: 0, factor: 1, maxMs: 0 },
    children: placements.map((placement) => ({ id: placement.kind, start: START, placement })),
  });
  await act(
    system,
    new Map(placements.map(({ kind }) => [kind, supervisor.ref<In, Out>(kind)])),
  );
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  buffer.transfer();
  return buffer;
}

class Point {
  readonly x = 1;
}

const odd = fc.constantFrom<() => unknown>(
  () => detached(),
  () => ({ causes: new Error("outer", { cause: new RangeError("inner", { cause: [1n] }) }) }),
  () => new Error("outer", { cause: () => 1 }),
  () => new Error("outer", { cause: new Point() }),
  () => new Point(),
  () => Object.create(null),
  () => JSON.parse('{"__proto__":{"a":[1]},"b":[]}'),
  // deno-lint-ignore no-sparse-arrays
  () => [1, , 3],
  () => new (class extends Array {})(),
  () => new (class extends Map {})(),
  () => Symbol("a"),
  () => Promise.resolve(1),
  () => new WeakSet(),
  () => new URL("http://example.com"),
  () => new Float16Array([1.5]),
  () => new DataView(new ArrayBuffer(8)),
  () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
  () => new Date(NaN),
  () => /a+/gi,
);

const value = fc.oneof(
  { weight: 3, arbitrary: odd.map((make) => make()) },
  {
    weight: 5,
    arbitrary: fc.object({
      withMap: true,
      withSet: true,
      withDate: true,
      withBigInt: true,
      withTypedArray: true,
      withSparseArray: false,
    }),
  },
);

Deno.test("every transport carries a value whole, or all refuse it where it is sent", async () => {
  await withActors(async (system, actors) => {
    const outcome = async (actor: ActorRef<In, Out>, value: unknown): Promise<unknown> => {
      try {
        return (await system.request(actor, { type: "Echo", value }, TIMEOUT)).value;
      } catch (error) {
        assert(error instanceof TypeError, Deno.inspect(error));
        return "refused";
      }
    };
    await fc.assert(
      fc.asyncProperty(value, value, async (one, other) => {
        const sent = { one, other, again: one };
        const outcomes = new Map<string, unknown>();
        for (const [kind, actor] of actors) outcomes.set(kind, await outcome(actor, sent));
        const inMemory = outcomes.get("memory");
        for (const [kind, arrived] of outcomes) assertEquals(arrived, inMemory, kind);
        if (inMemory === "refused") return;
        const arrived = inMemory as typeof sent;
        if (typeof one === "object") assertStrictEquals(arrived.one, arrived.again);
        // An object without a prototype arrives as a plain one.
        assertEquals(arrived, structuredClone(sent));
      }),
      { numRuns: 200 },
    );
  });
});

Deno.test("shared memory stays shared on threads, and is refused for a process", async () => {
  await withActors(async (system, actors) => {
    const view = new Int32Array(new SharedArrayBuffer(8));
    for (const kind of ["memory", "worker"]) {
      const { value } = await system.request(
        actors.get(kind)!,
        { type: "Echo", value: { view } },
        TIMEOUT,
      );
      const back = (value as { view: Int32Array }).view;
      back[1] = 7;
      assertEquals(view[1], 7, kind);
      view[1] = 0;
    }
    const message: In = { type: "Echo", value: new Map([[1, [view]]]) };
    const text = '"test/process" runs in a process';
    await assertRejects(
      async () => await system.request(actors.get("process")!, message, TIMEOUT),
      TypeError,
      text,
    );
    await assertRejects(
      async () => await system.send(actors.get("process")!, message),
      TypeError,
      text,
    );
    // Who sends it on fails: to an actor in a process, or as the reply to one.
    for (const kind of ["memory", "worker"]) {
      const to = actors.get("process")!;
      await assertRejects(
        () => system.request(actors.get(kind)!, { type: "Ask", to, message }, TIMEOUT),
        Error,
        text,
        kind,
      );
      const ask: In = { type: "Ask", to: actors.get(kind)!, message: { type: "ShareMemory" } };
      await assertRejects(() => system.request(to, ask, TIMEOUT), Error, "runs in a process", kind);
    }
    assertEquals(
      (await system.request(actors.get("process")!, { type: "Echo", value: 1 }, TIMEOUT)).value,
      1,
    );
  });
});

Deno.test("what the sender changes afterwards does not change at the receiver", async () => {
  await withActors(async (system, actors) => {
    for (const [kind, actor] of actors) {
      const numbers = [1, 2, 3];
      const bytes = new Uint8Array([1, 2, 3]);
      const value = { numbers, deep: { map: new Map([["a", numbers]]), bytes } };
      const reply = system.request(actor, { type: "Echo", value }, TIMEOUT);
      const flat: { type: "Echo"; value: unknown } = { type: "Echo", value: numbers };
      const flatReply = system.request(actor, flat, TIMEOUT);
      numbers[0] = -1;
      bytes[0] = 255;
      value.deep.map.clear();
      flat.value = 7;
      assertEquals((await reply).value, {
        numbers: [1, 2, 3],
        deep: { map: new Map([["a", [1, 2, 3]]]), bytes: new Uint8Array([1, 2, 3]) },
      }, kind);
      assertEquals((await flatReply).value, [1, 2, 3], kind);
    }
  });
});
