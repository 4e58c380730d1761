/** An actor system on its own thread: mail, events and the end. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ActorRef,
  actorRef,
  createActorSystem,
  type Message,
  RequestError,
  sleep,
  type Start,
  VirtualClock,
} from "../../actors/runtime/mod.ts";
import { EventLog } from "./event_log.ts";

type Ping = { readonly type: "Ping"; readonly left: number };
const TIMEOUT = { timeoutMs: 5000 };

/** Sends what it gets back and forth until nothing is left. */
const ponging: Start<{ other: ActorRef<Ping>; over: () => void }, Ping> = ({ other, over }) => ({
  receive(message, context) {
    if (message.left === 0) return over();
    return context.send(other, { type: "Ping", left: message.left - 1 });
  },
});

Deno.test("actors that keep each other busy do not keep timers from firing", async () => {
  await using system = createActorSystem();
  const over = Promise.withResolvers<void>();
  const init = (id: string) => ({ other: actorRef<Ping>(`game/${id}`), over: over.resolve });
  await system.supervise({
    name: "game",
    children: [
      { id: "a", start: ponging, init: init("b") },
      { id: "b", start: ponging, init: init("a") },
    ],
  });
  let fired = false;
  setTimeout(() => fired = true);
  await system.send(actorRef<Ping>("game/a"), { type: "Ping", left: 200_000 });
  await over.promise;
  assert(fired);
});

Deno.test("what memory actors do on a virtual clock is the same every time", async () => {
  const worker: Start<number, Message> = (seed, { clock }) => {
    let state = seed;
    return {
      async receive(_message, context) {
        state = (state * 16807) % 2147483647;
        await sleep(clock, state % 100);
        if (state % 11 === 0) throw new Error("unlucky");
        context.log("info", String(state));
        for (const to of state % 5 === 0 ? [state, state + 1] : [state]) {
          await context.send(actorRef<Message>(`crowd/${to % 10}`), { type: "Poke" });
        }
      },
    };
  };
  const play = async () => {
    const clock = new VirtualClock();
    const log = new EventLog();
    const system = createActorSystem({ clock, onEvent: log.listener });
    await system.supervise({
      name: "crowd",
      intensity: { maxRestarts: 1e6, withinMs: 1 },
      children: Array.from(
        { length: 10 },
        (_, id) => ({ id: `${id}`, start: worker, init: id + 1 }),
      ),
    });
    for (let i = 0; i < 10; i++) {
      await system.send(actorRef<Message>(`crowd/${i}`), { type: "Poke" });
    }
    await clock.advance(2000);
    const story = log.events.map((event) => ({ ...event, reason: undefined }));
    const stopped = system.stop();
    while (await clock.next());
    await stopped;
    return story;
  };
  const first = await play();
  assert(first.length > 100);
  assertEquals(await play(), first);
});

Deno.test("a sign of life that was on its way when the time was over still counts", async () => {
  const clock = new VirtualClock();
  const log = new EventLog();
  const system = createActorSystem({ clock, onEvent: log.listener });
  const start: Start<undefined, Message> = () => ({
    async receive(message, context) {
      for (let i = 0; i < 5; i++) {
        await sleep(clock, message.type === "Steady" ? 100 : 200);
        context.heartbeat();
      }
    },
  });
  const supervisor = await system.supervise({
    name: "s",
    children: [{ id: "a", start, heartbeatTimeoutMs: 100 }],
  });
  await system.send(supervisor.ref<Message>("a"), { type: "Steady" });
  await clock.advance(600);
  assertEquals(log.of("exited"), []);
  await system.send(supervisor.ref<Message>("a"), { type: "Slow" });
  await clock.advance(150);
  assertEquals(log.of("exited").map(({ at, reason }) => [at, reason.kind]), [[725, "killed"]]);
  await clock.advance(1000);
  await system.stop();
});

Deno.test("a message to nobody is a dead letter, a request to nobody fails", async () => {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  await system.send(actorRef<Message>("no/body"), { type: "Hello" });
  const [letter] = log.of("dead-letter");
  assertEquals(letter!.envelope.message, { type: "Hello" });
  const error = await assertRejects(
    () => system.request(actorRef<Message>("no/body"), { type: "Hello" }, TIMEOUT),
    RequestError,
    'there is no actor "no/body"',
  );
  assertEquals(error.failure, "no-such-actor");
});

Deno.test("what cannot be a message is refused where it is sent", async () => {
  await using system = createActorSystem();
  const nobody = actorRef<Message>("no/body");
  assertThrows(() => system.send(nobody, { kind: "Hello" } as never), TypeError, '"type"');
  assertThrows(() => system.send(nobody, { type: "A", f() {} } as never), TypeError, "at .f");
  for (const timeoutMs of [0, -1, NaN]) {
    assertThrows(
      () => system.request(nobody, { type: "Hello" }, { timeoutMs }),
      RangeError,
      `received ${timeoutMs}`,
    );
  }
});

Deno.test("what a killed actor still sends reaches nobody", async () => {
  const clock = new VirtualClock();
  const log = new EventLog();
  const system = createActorSystem({ clock, onEvent: log.listener });
  const late: Start<undefined, Message> = () => ({
    async receive(_message, context) {
      await sleep(clock, 100);
      await context.send(actorRef<Message>("s/listener"), { type: "TooLate" });
      const asking = context.request(actorRef<Message>("s/listener"), { type: "TooLate" }, TIMEOUT);
      await assertRejects(() => asking, RequestError, "has ended");
    },
  });
  const heard: string[] = [];
  const supervisor = await system.supervise({
    name: "s",
    children: [
      { id: "listener", start: () => ({ receive: ({ type }: Message) => void heard.push(type) }) },
      { id: "late", start: late, restart: "temporary" },
    ],
  });
  await system.send(supervisor.ref<Message>("late"), { type: "Go" });
  await clock.advance(50);
  system.kill(supervisor.ref("late"));
  await clock.advance(100);
  assertEquals(heard, []);
  assertEquals(
    log.of("dead-letter").map(({ envelope, why }) => [envelope.message.type, why]),
    [
      ["Go", 'actor "s/late" ended before it had handled it: it was killed (kill)'],
      ["TooLate", 'its sender "s/late" had ended'],
      ["TooLate", 'its sender "s/late" had ended'],
    ],
  );
  await system.stop();
});

Deno.test("a reply outside of a message is an error", async () => {
  await using system = createActorSystem();
  const start: Start<undefined, Message> = (_init, context) => {
    assertThrows(() => context.reply({ type: "Early" }), Error, "not handling a message");
    return { receive() {} };
  };
  await system.supervise({ name: "s", children: [{ id: "a", start }] });
});

Deno.test("aborting the signal stops the system", async () => {
  const log = new EventLog();
  const abort = new AbortController();
  await using system = createActorSystem({ onEvent: log.listener, signal: abort.signal });
  const start = () => ({ receive() {} });
  const { ended } = await system.supervise({ name: "s", children: [{ id: "a", start }] });
  abort.abort();
  await ended;
  assertEquals(log.lives(), ["started s/a", "exited s/a (shutdown)"]);
  await assertRejects(
    () => system.supervise({ name: "t", children: [] }),
    Error,
    "the system has stopped",
  );
});

Deno.test("requests that wait when the system stops fail", async () => {
  const system = createActorSystem({ stopMs: 20 });
  const start: Start<undefined, Message> = (_init, { signal, clock }) => ({
    receive: () => sleep(clock, 1e9, signal),
  });
  const supervisor = await system.supervise({ name: "s", children: [{ id: "a", start }] });
  const asking = system.request(supervisor.ref("a") as ActorRef<Message>, { type: "A" }, TIMEOUT);
  const failed = assertRejects(() => asking, RequestError);
  await system.stop();
  await failed;
});

Deno.test("a memory actor that never lets go does not keep the system from stopping", async () => {
  const log = new EventLog();
  const system = createActorSystem({ onEvent: log.listener, stopMs: 20 });
  const start = () => ({ receive: () => new Promise<void>(() => {}) });
  const supervisor = await system.supervise({
    name: "s",
    children: [{ id: "a", start, shutdownMs: 1e6 }, { id: "b", start, shutdownMs: 1e6 }],
  });
  for (const id of ["a", "b"]) await system.send(supervisor.ref<Message>(id), { type: "Go" });
  await system.stop();
  assertEquals(log.of("exited").map(({ actor, reason }) => [actor, reason.kind]), [
    ["s/b", "killed"],
    ["s/a", "killed"],
  ]);
});

Deno.test("a listener is told of events until it unsubscribes", async () => {
  await using system = createActorSystem();
  const log = new EventLog();
  const unsubscribe = system.subscribe(log.listener);
  await system.send(actorRef<Message>("no/body"), { type: "A" });
  unsubscribe();
  await system.send(actorRef<Message>("no/body"), { type: "B" });
  assertEquals(log.of("dead-letter").map(({ envelope }) => envelope.message.type), ["A"]);
});

Deno.test("a listener that throws is reported, and the others are told all the same", async () => {
  await using system = createActorSystem();
  const log = new EventLog();
  system.subscribe(() => {
    throw new Error("bad listener");
  });
  system.subscribe(log.listener);
  const reported: string[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    reported.push(event.error.message);
  };
  addEventListener("error", onError);
  try {
    await system.send(actorRef<Message>("no/body"), { type: "A" });
  } finally {
    removeEventListener("error", onError);
  }
  assertEquals(reported, ["bad listener"]);
  assertEquals(log.of("dead-letter").length, 1);
});

Deno.test("each of many requests times out when its own time is over", async () => {
  const clock = new VirtualClock();
  const system = createActorSystem({ clock });
  const start: Start<undefined, Message> = (_init, { signal }) => ({
    receive: () => sleep(clock, 1e9, signal),
  });
  const supervisor = await system.supervise({ name: "s", children: [{ id: "a", start }] });
  const failedAt: [timeoutMs: number, at: number][] = [];
  for (const timeoutMs of [30_000, 2500, 1500, 100, 2500, 5000]) {
    system.request(supervisor.ref("a") as ActorRef<Message>, { type: "A" }, { timeoutMs })
      .catch(() => failedAt.push([timeoutMs, clock.now()]));
  }
  await clock.advance(60_000);
  const expected = [100, 1500, 2500, 2500, 5000, 30_000];
  assertEquals(failedAt, expected.map((ms) => [ms, ms]));
  await system.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("virtual time stands still until all that can be done has been done", async () => {
  const clock = new VirtualClock();
  const system = createActorSystem({ clock });
  const handledAt = new Set<number>();
  const start: Start<undefined, Ping> = (_init, { self }) => ({
    receive(message, context) {
      handledAt.add(clock.now());
      if (message.left > 0) return context.send(self, { type: "Ping", left: message.left - 1 });
    },
  });
  const supervisor = await system.supervise({ name: "s", children: [{ id: "a", start }] });
  clock.setTimer(10, () => {
    void system.send(supervisor.ref<Ping>("a"), { type: "Ping", left: 5000 });
  });
  for (let at = 11; at < 40; at++) clock.setTimer(at, () => {});
  await clock.advance(100);
  assertEquals([...handledAt], [10]);
  await system.stop();
});

Deno.test("messages carry who sent them to whom, and the version of the protocol", async () => {
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  await system.send(actorRef<Message>("no/body"), { type: "A" }, { trace: "00-1-2-01" });
  const { envelope } = log.of("dead-letter")[0]!;
  assertEquals(envelope, {
    version: 1,
    id: envelope.id,
    from: "system",
    to: "no/body",
    trace: "00-1-2-01",
    message: { type: "A" },
  });
});

Deno.test("outside memory, an actor must be a module, and its init plain data", async () => {
  await using system = createActorSystem();
  const place = { placement: { kind: "worker" } } as const;
  const supervise = (child: { start: URL | (() => { receive(): void }); init?: unknown }) =>
    system.supervise({ name: "s", children: [{ id: "a", ...child, ...place }] });
  await assertRejects(
    () => supervise({ start: () => ({ receive() {} }) }),
    Error,
    "start must be the URL of a module",
  );
  await assertRejects(
    () => supervise({ start: new URL("file:///a.ts"), init: { f: () => 1 } }),
    Error,
    "received a function at .f",
  );
});
