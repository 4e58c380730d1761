import { assertEquals } from "@std/assert";
import { bytes, remainingMs, render } from "../../../experiments/terminal/progress.ts";

const state = {
  label: "search",
  done: 20,
  total: 80,
  before: 0,
  unit: "count",
  elapsedMs: 10_000,
} as const;

Deno.test("the bar shows the share that is done and the time left at the pace so far", () => {
  assertEquals(render(state, 80), "search [########----------------------] 20/80 30 s left");
  assertEquals(
    render({ ...state, done: 80 }, 80),
    "search [##############################] 80/80 done",
  );
  assertEquals(
    render({ ...state, unit: "share" }, 80),
    "search [########----------------------] 25 % 30 s left",
  );
});

Deno.test("the bar fits the terminal", () => {
  for (let width = 5; width < 100; width++) {
    assertEquals(render(state, width).length <= width, true);
  }
});

Deno.test("what an earlier process did does not count for the pace", () => {
  assertEquals(remainingMs({ ...state, before: 10 }), 60_000);
  assertEquals(remainingMs({ ...state, before: 20 }), undefined);
});

Deno.test("bytes are counted as people read them", () => {
  assertEquals([0, 999, 1500, 9_912_422, 2.5e9].map(bytes), [
    "0 B",
    "999 B",
    "1.5 kB",
    "9.9 MB",
    "2.5 GB",
  ]);
  assertEquals(
    render({ ...state, label: "a.gz", done: 500, total: 2000, unit: "bytes" }, 80),
    "a.gz [########----------------------] 25 % of 2.0 kB 30 s left",
  );
});
