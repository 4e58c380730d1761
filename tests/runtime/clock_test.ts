import { assert } from "@std/assert";
import { sleep, systemClock, VirtualClock } from "../../actors/runtime/mod.ts";

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
