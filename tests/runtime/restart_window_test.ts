import { assertEquals, assertThrows } from "@std/assert";
import { fc } from "./fast_check.ts";
import { RestartWindow } from "../../actors/runtime/mod.ts";

Deno.test("one restart too many within the window is refused, and a later one is not", () => {
  const window = new RestartWindow({ maxRestarts: 2, withinMs: 100 });
  assertEquals([0, 50, 99, 100].map((at) => window.record(at)), [1, 2, undefined, 2]);
});

Deno.test("with no restarts tolerated, the first is too many", () => {
  assertEquals(new RestartWindow({ maxRestarts: 0, withinMs: 1 }).record(0), undefined);
});

Deno.test("in any window of withinMs there are at most maxRestarts, and no fewer than could be", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 1, max: 20 }),
    fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 40 }),
    (maxRestarts, withinMs, gaps) => {
      const window = new RestartWindow({ maxRestarts, withinMs });
      const allowed: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const recent = allowed.filter((at) => at > now - withinMs).length;
        const expected = recent < maxRestarts ? recent + 1 : undefined;
        assertEquals(window.record(now), expected);
        if (expected !== undefined) allowed.push(now);
      }
    },
  ));
});

Deno.test("an intensity must make sense", () => {
  for (const maxRestarts of [-1, 0.5, NaN]) {
    assertThrows(
      () => new RestartWindow({ maxRestarts, withinMs: 1 }),
      RangeError,
      `received ${maxRestarts}`,
    );
  }
  for (const withinMs of [0, -1, NaN]) {
    assertThrows(
      () => new RestartWindow({ maxRestarts: 1, withinMs }),
      RangeError,
      `received ${withinMs}`,
    );
  }
});
