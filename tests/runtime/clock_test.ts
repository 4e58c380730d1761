import { assert, assertEquals, assertRejects } from "@std/assert";
import { fc } from "./fast_check.ts";
import { sleep, systemClock, VirtualClock } from "../../actors/runtime/mod.ts";

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

for (
  const [name, clock] of [["machine's", systemClock], ["virtual", new VirtualClock()]] as const
) {
  Deno.test(`sleep ends early when its signal is aborted (${name} clock)`, async () => {
    const abort = new AbortController();
    const slept = sleep(clock, 1e9, abort.signal);
    abort.abort();
    await slept;
    await sleep(clock, 1e9, abort.signal);
    assert(!(clock instanceof VirtualClock) || clock.pending === 0);
  });
}

Deno.test("a date that jumps does not move the machine's clock", () => {
  const real = Date.now;
  const before = systemClock.now();
  try {
    Date.now = () => real() + 3_600_000;
    assert(systemClock.now() - before < 60_000);
  } finally {
    Date.now = real;
  }
});
