/** Supervision, on a virtual clock: what is started, stopped and restarted, and in which order. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ActorRef,
  type ChildSpec,
  createActorSystem,
  EscalationError,
  type Message,
  sleep,
  type Start,
  type SupervisorSpec,
  VirtualClock,
} from "../../actors/runtime/mod.ts";
import { EventLog } from "./event_log.ts";
import { fc } from "./fast_check.ts";

type In = { readonly type: "Fail" } | { readonly type: "End" };

interface Init {
  /** Throws at start as often as this says. */
  readonly failures?: { left: number };
  readonly startMs?: number;
  /** Is called when the start begins. */
  readonly starting?: () => void;
  readonly stopMs?: number;
  /** Gets the id when `stop` has been called. */
  readonly stopped?: string[];
  readonly id: string;
}

const start: Start<Init, In> = async (init, { clock }) => {
  init.starting?.();
  if (init.startMs) await sleep(clock, init.startMs);
  if (init.failures && init.failures.left-- > 0) throw new Error("not yet");
  return {
    receive(message, context) {
      if (message.type === "Fail") throw new Error("told to");
      context.stop();
    },
    async stop() {
      if (init.stopMs) await sleep(clock, init.stopMs);
      init.stopped?.push(init.id);
    },
  };
};

const child = (
  id: string,
  init: Omit<Init, "id"> = {},
  spec: Partial<ChildSpec> = {},
): ChildSpec => ({
  id,
  start,
  init: { id, ...init } satisfies Init,
  ...spec,
});

/** Advances the clock until the promise has settled. */
async function settle<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  void promise.finally(() => settled = true).catch(() => {});
  while (!settled && await clock.next());
  return promise;
}

function claim(
  what: string,
  spec: Omit<SupervisorSpec, "name">,
  act: (stage: {
    clock: VirtualClock;
    log: EventLog;
    stop: () => Promise<void>;
    ended: Promise<void>;
    tell: (id: string, type: In["type"]) => Promise<void>;
    kill: (id: string) => void;
  }) => Promise<void>,
): void {
  Deno.test({
    name: what,
    permissions: "none",
    async fn() {
      const clock = new VirtualClock();
      const log = new EventLog();
      const system = createActorSystem({ clock, onEvent: log.listener });
      const supervisor = await settle(clock, system.supervise({ name: "s", ...spec }));
      const ref = (id: string): ActorRef<In> => supervisor.ref(id);
      await act({
        clock,
        log,
        stop: () => settle(clock, supervisor.stop()),
        ended: supervisor.ended,
        tell: (id, type) => system.send(ref(id), { type }),
        kill: (id) => void system.kill(ref(id)),
      });
      await settle(clock, system.stop());
    },
  });
}

claim(
  "children are started one after the other and stopped in reverse",
  { children: [child("a", { startMs: 30, stopMs: 10 }), child("b", { startMs: 10, stopMs: 30 })] },
  async ({ log, stop }) => {
    await stop();
    assertEquals(log.events.map(({ at, type }) => [at, type]), [
      [30, "started"],
      [40, "started"],
      [70, "exited"],
      [80, "exited"],
    ]);
    assertEquals(log.lives(), [
      "started s/a",
      "started s/b",
      "exited s/b (shutdown)",
      "exited s/a (shutdown)",
    ]);
  },
);

claim(
  "in parallel order children start and stop all at once",
  {
    order: "parallel",
    children: [child("a", { startMs: 30, stopMs: 30 }), child("b", { startMs: 20, stopMs: 20 })],
  },
  async ({ log, stop }) => {
    await stop();
    assertEquals(log.events.map(({ at }) => at), [20, 30, 50, 60]);
  },
);

claim(
  "one-for-one restarts the child that failed, and no other",
  { children: [child("a"), child("b"), child("c")] },
  async ({ clock, log, tell }) => {
    await tell("b", "Fail");
    await clock.advance(1000);
    assertEquals(log.lives().slice(3), ["exited s/b (failed)", "restarting s/b", "started s/b"]);
  },
);

claim(
  "rest-for-one stops the later children in reverse, and starts all of them in order",
  { strategy: "rest-for-one", children: ["a", "b", "c", "d"].map((id) => child(id)) },
  async ({ clock, log, tell }) => {
    await tell("b", "Fail");
    await clock.advance(1000);
    assertEquals(log.lives().slice(4), [
      "exited s/b (failed)",
      "restarting s/b",
      "exited s/d (shutdown)",
      "exited s/c (shutdown)",
      "started s/b",
      "started s/c",
      "started s/d",
    ]);
  },
);

claim(
  "rest-for-one goes back further when an earlier child ends during the restart",
  {
    strategy: "rest-for-one",
    backoff: { initialMs: 50, factor: 1, maxMs: 50 },
    children: ["a", "b", "c"].map((id) => child(id)),
  },
  async ({ clock, log, tell, kill }) => {
    await tell("c", "Fail");
    await clock.advance(10);
    kill("a");
    await clock.advance(1000);
    assertEquals(log.lives().slice(3), [
      "exited s/c (failed)",
      "restarting s/c",
      "exited s/a (killed)",
      "restarting s/a",
      "exited s/b (shutdown)",
      "started s/a",
      "started s/b",
      "started s/c",
    ]);
  },
);

for (
  const [restart, type, restarts] of [
    ["permanent", "Fail", 1],
    ["permanent", "End", 1],
    ["transient", "Fail", 1],
    ["transient", "End", 0],
    ["temporary", "Fail", 0],
    ["temporary", "End", 0],
  ] as const
) {
  const verb = type === "Fail" ? "fails" : "ends itself";
  claim(
    `a ${restart} child that ${verb} is ${restarts ? "" : "not "}started again`,
    { children: [child("a", {}, { restart }), child("b")] },
    async ({ clock, log, tell }) => {
      await tell("a", type);
      await clock.advance(1000);
      assertEquals(log.of("restarting").length, restarts);
      assertEquals(log.of("started").length, 2 + restarts);
      if (restarts === 0) {
        const before = log.of("dead-letter").length;
        await tell("a", "End");
        assertEquals(log.of("dead-letter").length, before + 1);
      }
    },
  );
}

claim(
  "a temporary child that rest-for-one stops is not started again",
  {
    strategy: "rest-for-one",
    children: [child("a"), child("b", {}, { restart: "temporary" }), child("c")],
  },
  async ({ clock, log, tell }) => {
    await tell("a", "Fail");
    await clock.advance(1000);
    assertEquals(log.of("started").map(({ actor }) => actor).slice(3), ["s/a", "s/c"]);
  },
);

claim(
  "a supervisor without children to restart ends",
  {
    children: [child("a", {}, { restart: "temporary" }), child("b", {}, { restart: "transient" })],
  },
  async ({ clock, log, tell, ended }) => {
    await tell("a", "Fail");
    await tell("b", "End");
    await clock.advance(0);
    await ended;
    assertEquals(log.of("escalated"), []);
  },
);

claim(
  "restarts wait longer and longer, up to a limit",
  {
    intensity: { maxRestarts: 5, withinMs: 1e6 },
    backoff: { initialMs: 100, factor: 3, maxMs: 1000 },
    children: [child("a", { failures: { left: 0 } })],
  },
  async ({ clock, log, tell }) => {
    for (let i = 0; i < 4; i++) {
      await tell("a", "Fail");
      await clock.advance(1000);
    }
    assertEquals(log.of("restarting").map(({ delayMs }) => delayMs), [100, 300, 900, 1000]);
  },
);

claim(
  "a supervisor gives up after too many restarts: all children stop, and it says which failed",
  {
    intensity: { maxRestarts: 2, withinMs: 1e6 },
    children: [child("a"), child("b")],
  },
  async ({ clock, log, tell, ended }) => {
    for (let i = 0; i < 3; i++) {
      await tell("b", "Fail");
      await clock.advance(1000);
    }
    const error = await assertRejects(() => ended, EscalationError, 'gave up on "s/b"');
    assertEquals([error.supervisor, error.actor, error.reason.kind], ["s", "s/b", "failed"]);
    assert(error.cause instanceof Error);
    assertEquals(log.lives().slice(-3), [
      "exited s/b (failed)",
      "exited s/a (shutdown)",
      "escalated s",
    ]);
  },
);

const failures = { left: 0 };
claim(
  "a restart that fails is one restart more",
  { intensity: { maxRestarts: 3, withinMs: 1e6 }, children: [child("a", { failures })] },
  async ({ clock, log, tell, ended }) => {
    failures.left = 2;
    await tell("a", "Fail");
    await clock.advance(1000);
    assertEquals(log.of("restarting").length, 3);
    assertEquals(log.of("started").length, 2);
    failures.left = 1;
    await tell("a", "Fail");
    await clock.advance(1000);
    await assertRejects(() => ended, EscalationError);
  },
);

claim(
  "an actor that does not stop in time is killed, and the stop goes on",
  { children: [child("a"), child("b", { stopMs: 1e9 }, { shutdownMs: 500 })] },
  async ({ log, stop }) => {
    await stop();
    assertEquals(log.of("exited").map(({ at, actor, reason }) => [at, actor, reason]), [
      [500, "s/b", { kind: "killed", cause: "shutdown-timeout" }],
      [500, "s/a", { kind: "shutdown" }],
    ]);
  },
);

claim(
  "a stop during a backoff ends it, and nothing is started any more",
  {
    backoff: { initialMs: 1e6, factor: 1, maxMs: 1e6 },
    children: [child("a")],
  },
  async ({ clock, log, tell, stop }) => {
    await tell("a", "Fail");
    await clock.advance(10);
    await stop();
    await clock.advance(1e7);
    assertEquals(log.lives(), ["started s/a", "exited s/a (failed)", "restarting s/a"]);
  },
);

Deno.test("when a child does not start, those before it are stopped again", async () => {
  const log = new EventLog();
  const stopped: string[] = [];
  await using system = createActorSystem({ onEvent: log.listener });
  const spec: SupervisorSpec = {
    name: "s",
    children: [child("a", { stopped }), child("b", { failures: { left: 1 } }), child("c")],
  };
  await assertRejects(() => system.supervise(spec), EscalationError, "not yet");
  assertEquals(log.lives(), [
    "started s/a",
    "exited s/b (failed)",
    "exited s/a (shutdown)",
    "escalated s",
  ]);
  assertEquals(stopped, ["a"]);
  await system.supervise(spec);
});

Deno.test("supervisors stop in the reverse order of their start", async () => {
  const stopped: string[] = [];
  await using system = createActorSystem();
  for (const name of ["x", "y"]) {
    await system.supervise({ name, children: [child(name, { stopped })] });
  }
  await system.stop();
  assertEquals(stopped, ["y", "x"]);
});

Deno.test("a specification that contradicts itself is refused, and says why", async () => {
  await using system = createActorSystem();
  const refused = (spec: Partial<SupervisorSpec>, kind: typeof TypeError, why: string) =>
    assertRejects(
      () => system.supervise({ name: "s", children: [child("a")], ...spec }),
      kind,
      why,
    );
  await refused({ children: [child("a"), child("a")] }, TypeError, 'two children called "a"');
  await refused({ strategy: "rest-for-one", order: "parallel" }, TypeError, "needs the order");
  await refused({ children: [child("a", {}, { shutdownMs: -1 })] }, RangeError, "received -1");
  await refused({ children: [child("a", {}, { mailboxCapacity: 0 })] }, RangeError, "received 0");
  await refused({ intensity: { maxRestarts: -1, withinMs: 1 } }, RangeError, "received -1");
  await refused(
    { backoff: { initialMs: NaN, factor: 1, maxMs: 1 } },
    RangeError,
    "received NaN",
  );
  const supervisor = await system.supervise({ name: "s", children: [child("a")] });
  await refused({}, TypeError, 'already an actor "s/a"');
  assertThrows(() => supervisor.ref("b"), RangeError, 'expected one of "a", received "b"');
});

Deno.test("whoever dies whenever, dependent children run only on top of those before them", async () => {
  const ids = ["a", "b", "c", "d"];
  const kill = fc.record({ id: fc.constantFrom(...ids), afterMs: fc.integer({ min: 0, max: 40 }) });
  const delays = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { maxLength: 12 }), delays, async (kills, ms) => {
      const clock = new VirtualClock();
      const running = new Set<string>();
      const broken: string[] = [];
      const log = new EventLog();
      const system = createActorSystem({
        clock,
        onEvent(event) {
          log.listener(event);
          if (event.type === "exited") running.delete(event.actor.slice(2));
          if (event.type !== "started") return;
          const id = event.actor.slice(2);
          for (const later of ids.slice(ids.indexOf(id))) {
            if (running.has(later)) broken.push(`${id} was started below ${later}`);
          }
          running.add(id);
        },
      });
      const supervisor = await settle(
        clock,
        system.supervise({
          name: "s",
          strategy: "rest-for-one",
          intensity: { maxRestarts: 1000, withinMs: 1e6 },
          children: ids.map((id, i) =>
            child(id, {
              startMs: ms[2 * i]!,
              stopMs: ms[2 * i + 1]!,
              starting() {
                for (const earlier of ids.slice(0, i)) {
                  if (!running.has(earlier)) broken.push(`${id} was started without ${earlier}`);
                }
              },
            })
          ),
        }),
      );
      for (const { id, afterMs } of kills) {
        await clock.advance(afterMs);
        system.kill(supervisor.ref<Message>(id));
      }
      await clock.advance(1e5);
      assertEquals(broken, []);
      assertEquals([...running].sort(), ids);
      assertEquals(log.of("escalated"), []);
      await settle(clock, system.stop());
      assertEquals(clock.pending, 0);
    }),
    { numRuns: 200 },
  );
});

Deno.test("a supervisor gives up exactly when its restart window says so", async () => {
  const gap = fc.integer({ min: 1, max: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 3 }),
      fc.array(gap, { maxLength: 12 }),
      async (maxRestarts, gaps) => {
        const withinMs = 100;
        const clock = new VirtualClock();
        const log = new EventLog();
        const system = createActorSystem({ clock, onEvent: log.listener });
        const supervisor = await system.supervise({
          name: "s",
          intensity: { maxRestarts, withinMs },
          backoff: { initialMs: 0, factor: 1, maxMs: 0 },
          children: [child("a")],
        });
        const failedAt: number[] = [];
        let givenUp = false;
        for (const ms of gaps) {
          await clock.advance(ms);
          system.kill(supervisor.ref<Message>("a"));
          await clock.advance(0);
          if (givenUp) continue;
          failedAt.push(clock.now());
          const recent = failedAt.filter((at) => at > clock.now() - withinMs);
          givenUp = recent.length > maxRestarts;
        }
        assertEquals(log.of("escalated").length, givenUp ? 1 : 0);
        assertEquals(log.of("started").length, failedAt.length + (givenUp ? 0 : 1));
        await settle(clock, system.stop());
      },
    ),
    { numRuns: 100 },
  );
});
