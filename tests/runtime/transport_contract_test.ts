/** What an actor can rely on wherever it runs: every transport passes the same tests. */
import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type ActorSystem,
  type ChildSpec,
  createActorSystem,
  EscalationError,
  type Placement,
  RequestError,
  type Supervisor,
  type SupervisorSpec,
} from "../../actors/runtime/mod.ts";
import type { In, Init, Out } from "./actors/contract_actor.ts";
import { EventLog } from "./event_log.ts";
import { hasServer, NatsServer } from "../nats_server.ts";
import { openHost } from "./nats_hosts.ts";

const START = new URL("./actors/contract_actor.ts", import.meta.url);
const TIMEOUT = { timeoutMs: 10_000 };
const server = hasServer ? await NatsServer.start() : undefined;
Deno.test.afterAll(() => server?.[Symbol.asyncDispose]());

interface Ground extends AsyncDisposable {
  readonly placement: Placement;
}

const on = (placement: Placement) => (): Promise<Ground> =>
  Promise.resolve({ placement, async [Symbol.asyncDispose]() {} });

/** Where the actor of a test runs; what that needs lives as long as the test. */
const GROUNDS: Readonly<Record<string, () => Promise<Ground>>> = {
  memory: on({ kind: "memory" }),
  worker: on({ kind: "worker" }),
  process: on({ kind: "process", flags: ["--deny-net"] }),
  nats: () =>
    openHost(server!, {
      modules: ["contract_actor.ts", "nowhere.ts", "../event_log.ts"],
      placement: { kind: "process", flags: ["--deny-net"] },
    }),
};

interface Stage {
  readonly system: ActorSystem;
  readonly log: EventLog;
  readonly supervisor: Supervisor;
  /** The actor under test. */
  readonly actor: ReturnType<typeof contractRef>;
  ask(message: In): Promise<unknown>;
  tell(message: In): Promise<void>;
}

const contractRef = (supervisor: Supervisor, id = "actor") => supervisor.ref<In, Out>(id);

for (const [kind, prepare] of Object.entries(GROUNDS)) {
  const test = (what: string, act: (placement: Placement) => Promise<void>): void =>
    Deno.test({
      name: `${kind}: ${what}`,
      ignore: kind === "nats" && server === undefined,
      async fn() {
        await using ground = await prepare();
        await act(ground.placement);
      },
    });

  /** Runs `act` with an actor of this placement. */
  const claim = (
    what: string,
    act: (stage: Stage) => Promise<void>,
    child: Partial<ChildSpec> & { init?: Init } = {},
    supervisor: Partial<SupervisorSpec> = {},
  ): void => {
    test(what, async (placement) => {
      const log = new EventLog();
      await using system = createActorSystem({ onEvent: log.listener });
      const running = await system.supervise({
        name: "test",
        backoff: { initialMs: 0, factor: 1, maxMs: 0 },
        children: [{ id: "actor", start: START, placement, ...child }],
        ...supervisor,
      });
      const actor = contractRef(running);
      await act({
        system,
        log,
        supervisor: running,
        actor,
        ask: async (message) => (await system.request(actor, message, TIMEOUT)).value,
        tell: (message) => system.send(actor, message),
      });
    });
  };

  claim(
    "messages are handled in the order they were sent, one at a time",
    async ({ ask, tell }) => {
      const values = Array.from({ length: 1000 }, (_, value) => value);
      await Promise.all(values.map((value) => tell({ type: "Note", value })));
      assertEquals(await ask({ type: "GetNotes" }), values);
    },
  );

  claim("a message arrives as it was sent", async ({ ask }) => {
    const value = {
      floats: new Float32Array([1, NaN, -0]),
      part: new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
      map: new Map<unknown, unknown>([["a", new Set([1n])]]),
      date: new Date(5),
      nothing: [undefined, null],
    };
    assertEquals(await ask({ type: "Echo", value }), value);
    const error = await ask({ type: "Echo", value: new RangeError("gone") }) as Error;
    assert(error instanceof RangeError);
    assertEquals(error.message, "gone");
  });

  claim("megabytes arrive whole", async ({ ask }) => {
    const value = new Float64Array(500_000).map((_, i) => i);
    assertEquals(await ask({ type: "Echo", value }), value);
  });

  claim("an actor gets its init", async ({ ask }) => {
    assertEquals(await ask({ type: "GetInit" }), { extra: new Float64Array([1, 2]) });
  }, { init: { extra: new Float64Array([1, 2]) } });

  claim("a request that gets no reply in time fails, and the late reply is a dead letter", async ({
    system,
    actor,
    log,
  }) => {
    const request = system.request(actor, { type: "Work", ms: 200, beats: false }, {
      timeoutMs: 20,
    });
    const error = await assertRejects(() => request, RequestError, "no reply within 20 ms");
    assertEquals(error.failure, "timeout");
    const [letter] = await log.waitFor("dead-letter");
    assertEquals([letter!.envelope.from, letter!.envelope.to], ["test/actor", "system"]);
    assertEquals(letter!.envelope.message, { type: "Value", value: "done" } as Out);
  });

  claim("a request that is handled without a reply fails at once", async ({ ask }) => {
    const error = await assertRejects(() => ask({ type: "StayMute" }), RequestError);
    assertEquals(error.failure, "no-reply");
  });

  claim("a reply that nobody asked for is a dead letter", async ({ tell, log }) => {
    await tell({ type: "Echo", value: 1 });
    const [letter] = await log.waitFor("dead-letter");
    assertStringIncludes(letter!.why, "nobody asked");
  });

  claim(
    "an unknown message names actor and message, and the actor lives on",
    async ({ ask, log }) => {
      const error = await assertRejects(() => ask({ type: "Nonsense" } as never), RequestError);
      assertEquals(error.failure, "unknown-message");
      const [event] = log.of("unknown-message");
      assertEquals([event!.actor, event!.envelope.message.type], ["test/actor", "Nonsense"]);
      assertEquals(await ask({ type: "Echo", value: 1 }), 1);
      assertEquals(log.of("exited"), []);
    },
  );

  claim("an actor that throws is started again; what it had not handled is lost loudly", async ({
    ask,
    tell,
    log,
  }) => {
    await tell({ type: "Note", value: 1 });
    const failing = ask({ type: "Throw", text: "on purpose" });
    const behind = ask({ type: "Echo", value: 2 });
    const error = await assertRejects(() => failing, RequestError, "on purpose");
    assertEquals(error.failure, "exited");
    await assertRejects(() => behind, RequestError);
    const [exit] = log.of("exited");
    assert(exit!.reason.kind === "failed" && exit!.reason.error instanceof RangeError);
    assertEquals([exit!.incarnation, exit!.lost], [1, 2]);
    assertEquals(
      log.of("dead-letter").map(({ envelope }) => envelope.message.type),
      ["Throw", "Echo"],
    );
    assertEquals(await ask({ type: "GetNotes" }), []);
    assertEquals(log.of("started").map(({ incarnation }) => incarnation), [1, 2]);
  });

  claim(
    "a message sent while an actor is down waits for the next incarnation",
    async ({
      system,
      actor,
      ask,
      log,
    }) => {
      assert(system.kill(actor));
      const answer = ask({ type: "Echo", value: 1 });
      assertEquals(await answer, 1);
      assertEquals(log.of("exited").map(({ reason, lost }) => [reason, lost]), [
        [{ kind: "killed", cause: "kill" }, 0],
      ]);
    },
    {},
    { backoff: { initialMs: 20, factor: 1, maxMs: 20 } },
  );

  claim("an actor that ends itself ends as normal", async ({ tell, log, supervisor }) => {
    await tell({ type: "EndYourself" });
    const [exit] = await log.waitFor("exited");
    assertEquals(exit!.reason, { kind: "normal" });
    await supervisor.ended;
  }, { restart: "transient" });

  claim("what comes after it ended itself is lost loudly", async ({ tell, ask, log }) => {
    const ended = tell({ type: "EndYourself" });
    const error = await assertRejects(() => ask({ type: "Echo", value: 1 }), RequestError);
    await ended;
    assertEquals(error.failure, "exited");
    assertEquals(log.of("exited")[0]!.lost, 1);
  }, { restart: "temporary" });

  claim("a stop lets an actor handle what it has, and say its last words", async ({
    system,
    supervisor,
    tell,
    log,
  }) => {
    const values = [0, 1, 2, 3, 4];
    await Promise.all(values.map((value) => tell({ type: "Note", value })));
    await tell({ type: "WaitForStop" });
    const heir = await system.supervise({
      name: "heir",
      children: [{ id: "actor", start: START }],
    });
    await supervisor.stop();
    assertEquals(
      (await system.request(contractRef(heir), { type: "GetNotes" }, TIMEOUT)).value,
      [6],
    );
    assertEquals(log.of("exited").map(({ reason }) => reason.kind), ["shutdown"]);
    assertEquals(log.of("dead-letter"), []);
  }, { init: { heir: { name: "heir/actor" } } });

  claim("after the stop every message is a dead letter", async ({ supervisor, tell, ask, log }) => {
    await supervisor.stop();
    await tell({ type: "Note", value: 1 });
    assertEquals(log.of("dead-letter").length, 1);
    const error = await assertRejects(() => ask({ type: "Echo", value: 1 }), RequestError);
    assertEquals(error.failure, "no-such-actor");
  });

  claim("an actor can ask another, wherever that is, and the trace goes with it", async ({
    system,
    actor,
    log,
  }) => {
    const other = await system.supervise({
      name: "other",
      children: [{ id: "actor", start: START }],
    });
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const message: In = { type: "Ask", to: contractRef(other), message: { type: "GetTrace" } };
    assertEquals((await system.request(actor, message, { ...TIMEOUT, trace })).value, trace);
    const lost: In = { type: "Send", to: { name: "no/body" }, message: { type: "GetNotes" } };
    await system.send(actor, lost, { trace });
    const [letter] = await log.waitFor("dead-letter");
    assertEquals(letter!.envelope.trace, trace);
    const back: In = { type: "Ask", to: actor, message: { type: "Echo", value: 7 } };
    assertEquals((await system.request(contractRef(other), back, TIMEOUT)).value, 7);
  });

  claim("what an actor asks of one that is not there fails with the reason", async ({ ask }) => {
    const message: In = { type: "Ask", to: { name: "no/body" }, message: { type: "GetNotes" } };
    await assertRejects(() => ask(message), RequestError, 'there is no actor "no/body"');
  });

  claim("10,000 messages into a mailbox of 10 are all handled, in order, 10 at a time", async ({
    system,
    actor,
    ask,
  }) => {
    let accepted = 0;
    const sends = Array.from(
      { length: 10_000 },
      (_, value) => system.send(actor, { type: "Note", value }).then(() => void accepted++),
    );
    await Promise.resolve();
    assertEquals(accepted, 10);
    await Promise.all(sends);
    const notes = await ask({ type: "GetNotes" }) as number[];
    assertEquals(notes.length, 10_000);
    assert(notes.every((value, i) => value === i));
  }, { mailboxCapacity: 10 });

  claim("an actor that sends faster than the receiver handles is slowed down", async ({
    system,
    actor,
    log,
  }) => {
    const slow = await system.supervise({
      name: "slow",
      children: [{ id: "actor", start: START, init: { slowMs: 5 }, mailboxCapacity: 2 }],
    });
    const burst = system.request(actor, {
      type: "Burst",
      to: contractRef(slow),
      count: 20,
    }, TIMEOUT);
    await assertRejects(() => burst, RequestError, "did not reply");
    const soFar = await system.request(contractRef(slow), { type: "GetNotes" }, TIMEOUT);
    // Its last send was accepted when at most one other message was unhandled.
    assertEquals((soFar.value as number[]).length, 20);
    assertEquals(log.of("dead-letter"), []);
  });

  claim("an actor that is busy without a sign of life is killed as hung", async ({ ask, log }) => {
    const work = ask({ type: "Work", ms: 60_000, beats: false });
    const error = await assertRejects(() => work, RequestError, "hung");
    assertEquals(error.failure, "exited");
    assertEquals(log.of("exited")[0]!.reason, { kind: "killed", cause: "hung" });
    assertEquals(await ask({ type: "Echo", value: 1 }), 1);
  }, { heartbeatTimeoutMs: 400 });

  claim("heartbeats keep a busy actor alive, and an idle one needs none", async ({ ask, log }) => {
    assertEquals(await ask({ type: "Work", ms: 1000, beats: true }), "done");
    await new Promise((resolve) => setTimeout(resolve, 600));
    assertEquals(await ask({ type: "Echo", value: 1 }), 1);
    assertEquals(log.of("exited"), []);
    assert(log.of("heartbeat").length > 0);
  }, { heartbeatTimeoutMs: 400 });

  claim("heartbeats in a tight loop are passed on now and then", async ({ ask, log }) => {
    assertEquals(await ask({ type: "BeatOften", times: 10_000 }), "done");
    assertLess(log.of("heartbeat").length, 100);
  }, { heartbeatTimeoutMs: 10_000 });

  claim("an actor can send itself a message later", async ({ ask, tell }) => {
    await tell({ type: "EchoLater", ms: 1 });
    while ((await ask({ type: "GetNotes" }) as number[]).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assertEquals(await ask({ type: "GetNotes" }), [1]);
  });

  claim("a timer to itself ends with the actor", async ({ tell, supervisor, log }) => {
    await tell({ type: "EchoLater", ms: 1e6 });
    await supervisor.stop();
    assertEquals(log.of("dead-letter"), []);
  });

  claim("what an actor logs is an event", async ({ tell, log }) => {
    await tell({ type: "Log" });
    const [event] = await log.waitFor("log");
    assertEquals([event!.actor, event!.level, event!.text], ["test/actor", "info", "hello"]);
    assertEquals(event!.fields, { answer: 42 });
  });

  for (const type of ["ReplyFunction", "SendFunction"] as const) {
    claim(`a message that cannot travel fails its sender (${type})`, async ({ ask, log }) => {
      await assertRejects(() => ask({ type }), RequestError, "received a function at .value");
      const [exit] = log.of("exited");
      assert(exit!.reason.kind === "failed");
      assertEquals(exit!.reason.error.name, "TypeError");
    });
  }

  claim("a second reply to one request fails its sender", async ({ ask, log }) => {
    assertEquals(await ask({ type: "ReplyTwice" }), 1);
    const [exit] = await log.waitFor("exited");
    assert(exit!.reason.kind === "failed");
    assertStringIncludes(exit!.reason.error.message, "already answered");
  });

  test("an actor that fails to start fails its supervisor", async (placement) => {
    await using system = createActorSystem();
    const init: Init = { failToStart: true };
    const supervise = () =>
      system.supervise({ name: "test", children: [{ id: "a", start: START, init, placement }] });
    const error = await assertRejects(supervise, EscalationError, "told to fail");
    assert(error.cause instanceof RangeError);
  });

  test("a module that is not there fails its supervisor", async (placement) => {
    await using system = createActorSystem();
    const start = new URL("./actors/nowhere.ts", import.meta.url);
    const supervise = () =>
      system.supervise({ name: "test", children: [{ id: "a", start, placement }] });
    await assertRejects(supervise, EscalationError, "nowhere.ts");
  });

  test("a module that is no actor's is told by what it exports", async (placement) => {
    await using system = createActorSystem();
    const start = new URL("./event_log.ts", import.meta.url);
    const supervise = () =>
      system.supervise({ name: "test", children: [{ id: "a", start, placement }] });
    await assertRejects(
      supervise,
      EscalationError,
      "expected a module that exports a function start, received one that exports " +
        "EventLog (function)",
    );
  });
}
