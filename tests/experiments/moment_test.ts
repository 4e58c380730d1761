import { assertEquals } from "@std/assert";
import { momentText } from "../../experiments/run_report/moment.ts";

Deno.test("a time is that of the day; in a simulation, whose clock begins with it, how long after", () => {
  const noon = Date.UTC(2026, 2, 1, 12);
  assertEquals(momentText({ kind: "search" }, noon), "2026-03-01 12:00:00 UTC");
  assertEquals(momentText({ kind: "minimize" }, noon + 999), "2026-03-01 12:00:00 UTC");
  assertEquals(momentText({ kind: "simulation" }, 90_500), "90.5 s after the start");
});
