import { assert, assertEquals, assertRejects } from "@std/assert";
import { fc } from "./fast_check.ts";
import { sleep, StandstillError, VirtualClock } from "../../actors/runtime/mod.ts";

Deno.test("timers fire in the order of their due times, then in the order they were set", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }),
      async (delays) => {
        const clock = new VirtualClock();
        const fired: [delay: number, index: number][] = [];
        delays.forEach((delay, index) => clock.setTimer(delay, () => fired.push([delay, index])));
        await clock.advance(5);
        const expected = delays.map((delay, index): [number, number] => [delay, index])
          .sort(([a, i], [b, j]) => a - b || i - j);
        assertEquals(fired, expected);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("time stands at a timer's due time while it fires, also for one set by a timer", async () => {
  const clock = new VirtualClock();
  const at: number[] = [];
  clock.setTimer(10, () => {
    at.push(clock.now());
    clock.setTimer(5, () => at.push(clock.now()));
  });
  await clock.advance(100);
  assertEquals(at, [10, 15]);
  assertEquals(clock.now(), 100);
});

Deno.test("promises that a timer resolves are followed before the next timer fires", async () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  void sleep(clock, 1).then(() => Promise.resolve()).then(() => order.push("after the first"));
  clock.setTimer(2, () => order.push("second"));
  await clock.advance(2);
  assertEquals(order, ["after the first", "second"]);
});

Deno.test("next() jumps to the next timer, and says when there is none", async () => {
  const clock = new VirtualClock();
  clock.setTimer(1e9, () => {});
  clock.setTimer(Infinity, () => {});
  assertEquals([await clock.next(), clock.now()], [true, 1e9]);
  assertEquals([await clock.next(), clock.now()], [false, 1e9]);
});

Deno.test("a cancelled timer does not fire, and only that one is cancelled", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const cancel = clock.setTimer(1, () => fired.push("cancelled"));
  clock.setTimer(1, () => fired.push("other"));
  cancel();
  cancel();
  await clock.advance(1);
  assertEquals(fired, ["other"]);
});

Deno.test("a clock cannot go back", async () => {
  for (const ms of [-1, NaN, Infinity]) {
    await assertRejects(() => new VirtualClock().advance(ms), RangeError, `received ${ms}`);
  }
});

Deno.test("timers that are set and cancelled in any order fire as if they were in a sorted list", async () => {
  const step = fc.record({
    delay: fc.integer({ min: 0, max: 30 }),
    /** Which of the timers so far is cancelled before. */
    cancels: fc.option(fc.nat(300)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 100, maxLength: 300 }),
      async (steps) => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        const cancels = new Map<number, () => void>();
        for (const [index, { delay, cancels: other }] of steps.entries()) {
          if (other !== null) {
            cancels.get(other)?.();
            cancels.delete(other);
          }
          cancels.set(index, clock.setTimer(delay, () => fired.push(index)));
        }
        assertEquals(clock.pending, cancels.size);
        await clock.run();
        const expected = [...cancels.keys()]
          .sort((a, b) => steps[a]!.delay - steps[b]!.delay || a - b);
        assertEquals(fired, expected);
        assertEquals(clock.pending, 0);
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("timers of one moment fire together, and before what they set and begin", async () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.setTimer(1, () => {
    order.push("first");
    clock.setTimer(0, () => order.push("set by the first"));
    void Promise.resolve().then(() => order.push("begun by the first"));
  });
  clock.setTimer(1, () => order.push("second"));
  await clock.next();
  assertEquals(order, ["first", "second", "begun by the first"]);
  await clock.next();
  assertEquals(order.at(-1), "set by the first");
  assertEquals(clock.now(), 1);
});

Deno.test("a timer can cancel one that is due at the same moment", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.setTimer(1, () => {
    fired.push("first");
    cancel();
  });
  const cancel = clock.setTimer(1, () => fired.push("second"));
  await clock.run();
  assertEquals(fired, ["first"]);
});

Deno.test("however long a chain of promises is, no time passes before its end", async () => {
  const clock = new VirtualClock();
  clock.setTimer(1, () => {});
  let ended: number | undefined;
  const chain = async () => {
    for (let i = 0; i < 10_000; i++) await undefined;
    ended = clock.now();
  };
  void chain();
  await clock.next();
  assertEquals(ended, 0);
});

Deno.test("what is deferred comes in order, after all promises, without time passing", async () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.setTimer(1, () => order.push("timer"));
  clock.defer(() => order.push("first"));
  clock.defer(() => order.push("second"));
  void Promise.resolve().then(() => {}).then(() => order.push("promise"));
  await clock.advance(1);
  assertEquals(order, ["promise", "first", "second", "timer"]);
});

Deno.test("what was deferred has its turn though nobody advances the clock", async () => {
  const clock = new VirtualClock();
  await new Promise<void>((resolve) => clock.defer(resolve));
  assertEquals(await clock.outside(Promise.resolve(7)), 7);
});

Deno.test("time stands still while something outside is done, and its order is that of the calls", async () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.setTimer(1, () => order.push("timer"));
  for (const ms of [20, 1, 10]) {
    const work = new Promise<void>((resolve) => setTimeout(resolve, ms));
    void clock.outside(work).then(() => order.push(`${ms} ms at ${clock.now()}`));
  }
  await clock.advance(1);
  assertEquals(order, ["20 ms at 0", "1 ms at 0", "10 ms at 0", "timer"]);
});

Deno.test("what fails outside fails for who asked for it", async () => {
  const clock = new VirtualClock();
  const failing = clock.outside(Promise.reject(new RangeError("a")));
  await assertRejects(() => clock.runUntil(failing), RangeError, "a");
});

Deno.test("time passes until a promise settles, and no further", async () => {
  const clock = new VirtualClock();
  clock.setTimer(2000, () => {});
  assertEquals(await clock.runUntil(sleep(clock, 1000).then(() => "slept")), "slept");
  const failing = sleep(clock, 500).then(() => Promise.reject(new TypeError("a")));
  await assertRejects(() => clock.runUntil(failing), TypeError, "a");
  assertEquals([clock.now(), clock.pending], [1500, 1]);
});

Deno.test("to wait for what can never happen is an error that says when nothing was left", async () => {
  const clock = new VirtualClock();
  clock.setTimer(250, () => {});
  clock.setTimer(Infinity, () => {});
  const error = await assertRejects(
    () => clock.runUntil(new Promise(() => {})),
    StandstillError,
    "at 250 ms of the virtual clock no timer is set",
  );
  assertEquals(error.at, 250);
});

Deno.test("an error of a timer is thrown to who advances the clock, which goes on", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  clock.setTimer(1, () => {
    throw new RangeError("a");
  });
  clock.setTimer(1, () => fired.push("second"));
  await assertRejects(() => clock.advance(5), RangeError, "a");
  await clock.run();
  assertEquals([fired, clock.now()], [["second"], 1]);
});

Deno.test("two cannot advance a clock at the same time", async () => {
  const clock = new VirtualClock();
  const first = clock.advance(10);
  await assertRejects(() => clock.advance(5), Error, "somebody else is doing it");
  await first;
  assertEquals(clock.now(), 10);
});

Deno.test("the event loop has its turns, however long time passes", async () => {
  const clock = new VirtualClock();
  let isHeard = false;
  setTimeout(() => isHeard = true, 0);
  const forEver = () => {
    if (!isHeard) clock.setTimer(1, forEver);
  };
  forEver();
  await clock.run();
  assert(isHeard);
});

Deno.test("the date is that of the start and the time since", async () => {
  const clock = new VirtualClock(Date.UTC(2020, 1, 28));
  await clock.advance(86_400_000);
  assertEquals(new Date(clock.epochMs()).toISOString(), "2020-02-29T00:00:00.000Z");
  assertEquals(new VirtualClock().epochMs(), 0);
});
