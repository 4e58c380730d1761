/** Actors on other hosts: what happens when the server, a host or the way between them fails. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  type ActorRef,
  createActorSystem,
  EscalationError,
  type NatsPlacement,
  serveActors,
  type SupervisorSpec,
} from "../../actors/runtime/mod.ts";
import type { In, Out } from "./actors/contract_actor.ts";
import type * as faulty from "./actors/faulty_actor.ts";
import { EventLog } from "./event_log.ts";
import { NatsServer, natsTest, pause } from "../nats_server.ts";
import { openConnection, openHost } from "./nats_hosts.ts";

const CONTRACT = new URL("./actors/contract_actor.ts", import.meta.url);
const FAULTY = new URL("./actors/faulty_actor.ts", import.meta.url);
const HOST_PROGRAM = new URL("./nats_host_program.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const TIMEOUT = { timeoutMs: 20_000 };
/** As of who waits for a host to come back. */
const PATIENT = {
  intensity: { maxRestarts: 1000, withinMs: 1 },
  backoff: { initialMs: 50, factor: 1, maxMs: 50 },
} satisfies Partial<SupervisorSpec>;

/** What docs/runtime.md says that a host and a system need. */
const PERMISSIONS = `authorization { users = [
  { user: host, password: host, permissions: {
    subscribe: ["actors.desk", "actors.desk.*.host"]
    publish: ["actors.desk.*.system"]
    allow_responses: true
  } }
  { user: system, password: system, permissions: {
    subscribe: ["actors.desk.*.system", "_INBOX.>"]
    publish: ["actors.desk", "actors.desk.*.host"]
  } }
] }`;

/** A test with a server of its own. */
function test(name: string, act: (server: NatsServer) => Promise<void>, config = ""): void {
  natsTest(name, async () => {
    await using server = await NatsServer.configured(config);
    await act(server);
  });
}

function oneActor(placement: NatsPlacement, start = CONTRACT): SupervisorSpec {
  return { name: "test", children: [{ id: "actor", start, placement }], ...PATIENT };
}

const actor: ActorRef<In, Out> = { name: "test/actor" };
const faultyActor: ActorRef<faulty.In, faulty.Out> = { name: "test/actor" };

test("a server that is killed in a flood of messages, and comes back, goes unnoticed", async (server) => {
  const COUNT = 5_000;
  await using host = await openHost(server, { modules: ["contract_actor.ts"] });
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  await system.supervise(oneActor(host.placement));
  await system.supervise({ name: "here", children: [{ id: "actor", start: CONTRACT }] });
  const here: ActorRef<In, Out> = { name: "here/actor" };
  await system.send(actor, { type: "Burst", to: here, count: COUNT / 10 });
  let interrupted: Promise<void> | undefined;
  for (let value = 0; value < COUNT; value++) {
    if (value === COUNT / 4) {
      interrupted = server.kill().then(() => pause(300)).then(() => server.start());
    }
    await system.send(actor, { type: "Note", value });
  }
  await interrupted;
  const notes = async (of: typeof actor) =>
    (await system.request(of, { type: "GetNotes" }, TIMEOUT)).value as number[];
  assertEquals(await notes(actor), Array.from({ length: COUNT }, (_, value) => value));
  assertEquals(await notes(here), Array.from({ length: COUNT / 10 }, (_, value) => value));
  assertEquals(log.lives(), ["started test/actor", "started here/actor"]);
  assertEquals(log.of("dead-letter"), []);
});

test("an interruption that is too long ends the actor at both ends, and it starts again", async (server) => {
  await using host = await openHost(server, { modules: ["faulty_actor.ts"] });
  const log = new EventLog();
  await using system = createActorSystem({ onEvent: log.listener });
  await system.supervise(oneActor({ ...host.placement, lostAfterMs: 1500 }, FAULTY));
  const pid = await pidOf(system);
  await system.send(faultyActor, { type: "Be", fault: "asleep in a native call" });
  await server.kill();
  const [exit] = await log.waitFor("exited");
  assert(exit!.reason.kind === "failed");
  assertEquals(
    exit!.reason.error.message,
    'Lost host "host" of actor "test/actor": nothing was heard of it for 1500 ms',
  );
  assertEquals(exit!.lost, 1);
  while (await isRunning(pid)) await pause(20);
  await server.start();
  assert(await pidOf(system) !== pid);
});

test("when a host is killed, its actors start again on another of its name", async (server) => {
  const log = new EventLog();
  await using stack = new AsyncDisposableStack();
  const first = stack.use(await startHostProgram(server));
  const { connection } = stack.use(await openConnection(server));
  await using system = createActorSystem({ onEvent: log.listener });
  await system.supervise(
    oneActor({ kind: "nats", connection, host: "desk", lostAfterMs: 1500 }, FAULTY),
  );
  const pid = await pidOf(system);
  stack.use(await startHostProgram(server));
  await first.kill();
  while (await isRunning(pid)) await pause(20);
  const [exit] = await log.waitFor("exited");
  assert(exit!.reason.kind === "failed");
  assertMatch(exit!.reason.error.message, /^Lost host "desk"/);
  assert(await pidOf(system) !== pid);
});

test("an actor that is stopped on its host has failed here", async (server) => {
  await using own = await openConnection(server);
  await using there = await openConnection(server);
  const host = await serveActors({
    connection: there.connection,
    name: "desk",
    modules: [CONTRACT],
    placement: { kind: "worker" },
  });
  const { connection } = own;
  await using system = createActorSystem();
  const placement = { kind: "nats", connection, host: "desk" } as const;
  const { ended } = await system.supervise({
    name: "test",
    intensity: { maxRestarts: 0, withinMs: 1 },
    children: [{ id: "actor", start: CONTRACT, placement }],
  });
  const value = new Uint8Array(5_000_000).map((_, i) => i % 251);
  assertEquals((await system.request(actor, { type: "Echo", value }, TIMEOUT)).value, value);
  await host.stop();
  await assertRejects(() => ended, EscalationError, 'Host "desk" was stopped');
});

test("an actor of which its host does not know, or that has no host, does not start", async (server) => {
  await using host = await openHost(server, { modules: ["contract_actor.ts", "faulty_actor.ts"] });
  const { placement } = host;
  const start = async (placement: NatsPlacement, start: URL) => {
    await using system = createActorSystem();
    await system.supervise(oneActor(placement, start));
  };
  await assertRejects(
    () => start(placement, new URL("file:///etc/rogue_actor.ts?again")),
    EscalationError,
    'Cannot start actor "test/actor" on host "host": expected one of the modules ' +
      '"contract_actor.ts", "faulty_actor.ts", received "rogue_actor.ts"',
  );
  await assertRejects(
    () => start({ ...placement, host: "nobody" }, CONTRACT),
    EscalationError,
    'Cannot start actor "test/actor" on host "nobody": nobody answers on the subject ' +
      "\"actors.nobody\" (no responders: 'actors.nobody'); it takes a program there that calls " +
      'serveActors({ name: "nobody", ... })',
  );
  await assertRejects(() => start({ ...placement, host: "a.>" }, CONTRACT), RangeError, '"a.>"');
  for (const lostAfterMs of [0, 99, NaN, Infinity]) {
    await assertRejects(
      () => start({ ...placement, lostAfterMs }, CONTRACT),
      RangeError,
      `100 to 3600000, received ${lostAfterMs}`,
    );
  }
  for (const modules of [[], [CONTRACT, new URL("other/contract_actor.ts", CONTRACT)]]) {
    await assertRejects(
      () => serveActors({ connection: placement.connection, name: "desk", modules }),
      TypeError,
      "file names of their own, received",
    );
  }
});

test("a host refuses what is no request for a link, and lives on", async (server) => {
  await using host = await openHost(server, { modules: ["contract_actor.ts"] });
  const { connection } = host.placement;
  const request = { version: 1, link: "a", lostAfterMs: 1500 };
  for (
    const [wrong, why] of [
      ["", "received something else"],
      ["\xff{", "received something else"],
      ["[1]", "received something else"],
      [
        JSON.stringify({ ...request, version: 2 }),
        "expected version 1 of the protocol, received 2",
      ],
      [JSON.stringify({ ...request, link: "a.>" }), "without its name or limit"],
      [JSON.stringify({ ...request, lostAfterMs: 1 }), "without its name or limit"],
    ] as const
  ) {
    const { data } = await connection.request("actors.host", new TextEncoder().encode(wrong), {
      timeout: 5000,
    });
    const answer = JSON.parse(new TextDecoder().decode(data));
    assertEquals(answer.version, 1);
    assertMatch(answer.refused, new RegExp(`${why}$`));
  }
  await using system = createActorSystem();
  await system.supervise(oneActor(host.placement));
});

test("a host of another version is refused", async (server) => {
  await using there = await openConnection(server);
  await using own = await openConnection(server);
  there.connection.subscribe("actors.desk", {
    callback: (_, message) =>
      message.respond(new TextEncoder().encode('{"version":2,"refused":"expected version 2"}')),
  });
  await there.connection.flush();
  await using system = createActorSystem();
  await assertRejects(
    () => system.supervise(oneActor({ kind: "nats", connection: own.connection, host: "desk" })),
    EscalationError,
    'Cannot start actor "test/actor" on host "desk": expected version 2',
  );
});

test("what another client of the server writes ends that actor alone", async (server) => {
  const log = new EventLog();
  await using host = await openHost(server, { modules: ["contract_actor.ts"] });
  await using stranger = await openConnection(server);
  const links: string[] = [];
  stranger.connection.subscribe("actors.host.*.host", {
    callback: (_, { subject }: { subject?: string } & object) => {
      const link = subject!.split(".")[2]!;
      if (!links.includes(link)) links.push(link);
    },
  });
  await stranger.connection.flush();
  await using system = createActorSystem({ onEvent: log.listener });
  const { placement } = host;
  await system.supervise({
    name: "test",
    children: ["neighbour", "actor"].map((id) => ({ id, start: CONTRACT, placement })),
    ...PATIENT,
  });
  const echo = (name: string) =>
    system.request<In, Out>({ name }, { type: "Echo", value: name }, TIMEOUT);
  let exits = 0;
  for (const end of ["host", "system"]) {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("hello, is anybody there?")]) {
      await echo("test/actor");
      stranger.connection.publish(`actors.host.${links.at(-1)}.${end}`, bytes);
      const exit = (await log.waitFor("exited", ++exits)).at(-1)!;
      assertEquals(exit.actor, "test/actor");
      assert(exit.reason.kind === "failed");
      assertMatch(exit.reason.error.message, /^Cannot take what was sent [^\n]*received [^\n]*$/);
    }
  }
  await echo("test/actor");
  await echo("test/neighbour");
  assertEquals(log.of("exited").length, exits);
});

test("few permissions do, and who lacks them is told", async (server) => {
  await using here = await openConnection(server, "system");
  await using there = await openConnection(server, "host");
  const desk = { connection: there.connection, name: "desk", modules: [CONTRACT] };
  await using _host = await serveActors(desk);
  await assertRejects(
    () => serveActors({ ...desk, name: "door" }),
    Error,
    'Cannot serve actors as "door": Permissions Violation for Subscription to "actors.door"',
  );
  await using system = createActorSystem();
  await system.supervise(oneActor({ kind: "nats", connection: here.connection, host: "desk" }));
  const { value } = await system.request(actor, { type: "Echo", value: 1 }, TIMEOUT);
  assertEquals(value, 1);
}, PERMISSIONS);

async function pidOf(system: { request: ReturnType<typeof createActorSystem>["request"] }) {
  const reply = await system.request(faultyActor, { type: "Ping" }, TIMEOUT);
  assert(reply.type === "Pid");
  return reply.pid;
}

async function isRunning(pid: number): Promise<boolean> {
  const args = ["-o", "stat=", "-p", `${pid}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}

async function startHostProgram(
  { url }: NatsServer,
): Promise<AsyncDisposable & { kill(): Promise<void> }> {
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--no-check", `--config=${CONFIG}`, HOST_PROGRAM, url, "desk"],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = program.stdout.getReader();
  await reader.read();
  await reader.cancel();
  let isKilled = false;
  const kill = async () => {
    if (!isKilled) program.kill("SIGKILL");
    isKilled = true;
    await program.status;
  };
  return { kill, [Symbol.asyncDispose]: kill };
}
