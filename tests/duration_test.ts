import { assertEquals } from "@std/assert";
import { durationText, parseDuration } from "../duration.ts";

Deno.test("durations have a number and a unit", () => {
  assertEquals(["5ms", "30s", "1.5m", "6h", "0ms"].map(parseDuration), [
    5,
    30_000,
    90_000,
    21_600_000,
    0,
  ]);
  for (const text of ["", "5", "ms", "5 ms", "-5ms", "1e3s", "5sec", "5s ", "NaNs", "1000001h"]) {
    assertEquals(parseDuration(text), undefined, text);
  }
});

Deno.test("durations are shown with three digits", () => {
  assertEquals(
    [0, 12.345, 1999, 119_000, 450_000, 11_520_000, 354_240_000].map(durationText),
    ["0 ms", "12.3 ms", "2 s", "119 s", "7.5 min", "3.2 h", "4.1 days"],
  );
});
