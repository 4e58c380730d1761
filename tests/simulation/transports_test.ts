import { assertEquals } from "@std/assert";
import {
  createActorSystem,
  inMemory,
  type Start,
  type SystemEvent,
  type Transport,
  VirtualClock,
} from "../../actors/runtime/mod.ts";
import { delayed } from "../../simulation/transports/delayed.ts";
import { mortal } from "../../simulation/transports/mortal.ts";

type Note = { readonly type: "Note"; readonly text: string };

/** An actor behind a transport, and what it got when. */
async function behind(transport: Transport, clock: VirtualClock, events: SystemEvent[] = []) {
  const received: string[] = [];
  const start: Start<undefined, Note, Note> = () => ({
    receive({ text }, context) {
      received.push(`${text} at ${clock.now()}`);
      if (text === "ask") context.reply({ type: "Note", text: "answer" });
    },
  });
  const system = createActorSystem({ clock, onEvent: (event) => events.push(event) });
  const supervisor = await clock.runUntil(system.supervise({
    name: "far",
    children: [{ id: "actor", start, placement: { kind: "own", transport } }],
  }));
  const actor = supervisor.ref<Note, Note>("actor");
  return { system, actor, received };
}

function startsAndExits(events: readonly SystemEvent[]): string[] {
  return events.filter(({ type }) => type === "exited" || type === "started")
    .map(({ type, at }) => `${type} at ${at}`);
}

const note = (text: string): Note => ({ type: "Note", text });

Deno.test("a message and its answer each take as long as the way", async () => {
  const clock = new VirtualClock();
  const { system, actor, received } = await behind(delayed(inMemory, () => 5), clock);
  assertEquals(clock.now(), 5, "that it is ready is known later, too");
  const reply = await clock.runUntil(system.request(actor, note("ask"), { timeoutMs: 1000 }));
  assertEquals(reply.text, "answer");
  assertEquals(received, ["ask at 10"]);
  assertEquals(clock.now(), 15);
  await clock.runUntil(system.stop());
});

Deno.test("a slow message is not overtaken by a fast one of the same sender", async () => {
  const clock = new VirtualClock();
  const ways = [50, 1, 20];
  const { system, actor, received } = await behind(
    delayed(inMemory, () => ways.shift() ?? 0),
    clock,
  );
  assertEquals(clock.now(), 50);
  void system.send(actor, note("a")); // 1 ms
  void system.send(actor, note("b")); // 20 ms
  void system.send(actor, note("c")); // none
  await clock.advance(100);
  assertEquals(received, ["a at 51", "b at 70", "c at 70"]);
  await clock.runUntil(system.stop());
});

Deno.test("a mortal actor ends when its time has come, and is started again", async () => {
  const clock = new VirtualClock();
  const events: SystemEvent[] = [];
  const lives: string[] = [];
  const transport = mortal(inMemory, (actor, life) => {
    lives.push(`${actor} ${life}`);
    return { startMs: 0, upMs: life < 3 ? 100 * life : Infinity };
  });
  const { system } = await behind(transport, clock, events);
  await clock.advance(1000);
  assertEquals(lives, ["far/actor 1", "far/actor 2", "far/actor 3"]);
  assertEquals(
    startsAndExits(events),
    // The supervisor waits 10 and then 20 ms.
    ["started at 0", "exited at 100", "started at 110", "exited at 310", "started at 330"],
  );
  await clock.runUntil(system.stop());
});

Deno.test("an actor that takes time to start lives from when it is there", async () => {
  const clock = new VirtualClock();
  const events: SystemEvent[] = [];
  const transport = mortal(inMemory, (_, life) => ({ startMs: 50 * life, upMs: 200 }));
  const { system, actor, received } = await behind(transport, clock, events);
  assertEquals(clock.now(), 50);
  await clock.advance(210);
  void system.send(actor, note("meanwhile"));
  await clock.advance(200);
  assertEquals(received, ["meanwhile at 360"], "it is handed over when the next life is there");
  assertEquals(
    startsAndExits(events),
    // 10 ms after its death it starts again, which takes twice as long.
    ["started at 50", "exited at 250", "started at 360"],
  );
  await clock.runUntil(system.stop());
});

Deno.test("an actor that is stopped or killed while it starts has ended, and never comes", async () => {
  for (const how of ["stop", "kill"] as const) {
    const clock = new VirtualClock();
    const said: string[] = [];
    const start: Start<undefined, Note> = () => {
      said.push("started");
      return { receive() {} };
    };
    const transport = mortal(inMemory, () => ({ startMs: 50, upMs: 10 }));
    const system = createActorSystem({
      clock,
      onEvent: (event) => {
        if (event.type === "exited") said.push(`${event.reason.kind} at ${event.at}`);
      },
    });
    const beginning = system.supervise({
      name: "far",
      order: "parallel",
      children: [{
        id: "actor",
        start,
        placement: { kind: "own", transport },
        startTimeoutMs: how === "kill" ? 20 : 1000,
      }],
    }).catch(() => {});
    await clock.advance(20);
    await clock.runUntil(system.stop());
    await clock.runUntil(beginning);
    await clock.advance(1000);
    assertEquals(said, [how === "kill" ? "killed at 20" : "shutdown at 20"]);
  }
});
