import { assertEquals } from "@std/assert";
import { parseCost, parseStragglers } from "../../simulation/cost.ts";
import { parseFleet } from "../../simulation/fleet.ts";
import { parseObjective } from "../../simulation/objectives.ts";
import { parseStart } from "../../simulation/start.ts";

Deno.test("costs are distributions or runs", () => {
  assertEquals(parseCost("constant:30s"), { kind: "constant", ms: 30_000 });
  assertEquals(parseCost("uniform:10s,50s"), { kind: "uniform", lowMs: 10_000, highMs: 50_000 });
  assertEquals(parseCost("lognormal:30s,0.6"), { kind: "lognormal", medianMs: 30_000, sigma: 0.6 });
  assertEquals(parseCost("exponential:2m"), { kind: "exponential", meanMs: 120_000 });
  assertEquals(parseCost("recorded:runs/a:b,c"), { kind: "recorded", run: "runs/a:b,c" });
  for (
    const text of [
      "",
      "constant",
      "constant:",
      "constant:30",
      "constant:30s,1",
      "uniform:50s,10s",
      "uniform:10s",
      "uniform:10s,20s,30s",
      "lognormal:30s",
      "lognormal:30s,-1",
      "lognormal:30s,6",
      "lognormal:30s,0.6,1",
      "exponential:30s,2",
      "recorded:",
      "normal:30s,1",
    ]
  ) {
    assertEquals(parseCost(text), undefined, text);
  }
});

Deno.test("stragglers are a share and a factor", () => {
  assertEquals(parseStragglers("0.05,10"), { share: 0.05, factor: 10 });
  assertEquals(parseStragglers("none"), { share: 0, factor: 1 });
  for (const text of ["", "0.05", "1.5,10", "0.05,0.5", "0.05,10,1", "a,b", "-0.1,2"]) {
    assertEquals(parseStragglers(text), undefined, text);
  }
});

Deno.test("a start is a duration or a run", () => {
  assertEquals(parseStart("5s"), { kind: "constant", ms: 5000 });
  assertEquals(parseStart("0s"), { kind: "constant", ms: 0 });
  assertEquals(parseStart("recorded:runs/a"), { kind: "recorded", run: "runs/a" });
  for (const text of ["", "5", "60s", "recorded:", "none", "uniform:1s,2s"]) {
    assertEquals(parseStart(text), undefined, text);
  }
});

Deno.test("a fleet is a number, or counts of devices with speeds", () => {
  assertEquals(parseFleet(["3"]), {
    devices: ["standard", "standard", "standard"],
    speeds: { standard: 1 },
  });
  assertEquals(parseFleet(["1xconstructor:2"]), {
    devices: ["constructor"],
    speeds: Object.fromEntries([["constructor", 2]]),
  });
  assertEquals(parseFleet(["2xfast:1", "1xslow:0.3"]), {
    devices: ["fast", "fast", "slow"],
    speeds: { fast: 1, slow: 0.3 },
  });
  for (
    const groups of [
      ["0"],
      ["-1"],
      ["1.5"],
      ["100001"],
      ["60000", "60000"],
      ["8xfast"],
      ["8xfast:0"],
      ["8x:1"],
      ["8 x fast:1"],
      ["4xa:1", "4xa:2"],
      ["many"],
    ]
  ) {
    assertEquals(parseFleet(groups), undefined, groups.join());
  }
});

Deno.test("an objective is a function or a run", () => {
  assertEquals(parseObjective("sphere"), { kind: "sphere" });
  assertEquals(parseObjective("recorded:runs/a"), { kind: "recorded", run: "runs/a" });
  for (const text of ["", "recorded:", "rosenbrock", "constructor"]) {
    assertEquals(parseObjective(text), undefined, text);
  }
});
