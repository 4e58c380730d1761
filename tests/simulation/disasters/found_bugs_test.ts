/**
 * Mistakes that the swarm has found in the search, each as a small plan in which it showed.
 */
import { assertEquals } from "@std/assert";
import type { Settings } from "../../../simulation/disasters/draw_settings.ts";
import type { Fault } from "../../../simulation/disasters/fault.ts";
import type { Plan } from "../../../simulation/disasters/plan.ts";
import { rehearse } from "../../../simulation/disasters/rehearse.ts";

/** Two candidates in a generation, half a minute each, and nothing else that takes time. */
const SMALL: Settings = {
  population: 2,
  generations: 1,
  dimension: 1,
  trainers: ["1"],
  cost: "constant:30s",
  finalists: 1,
  finalistRepeats: 0,
};

/** Without the numbers that faults have in a plan. */
type Numberless = Fault extends infer Each ? Each extends Fault ? Omit<Each, "number"> : never
  : never;

function plan(
  settings: Settings,
  faults: readonly Numberless[] = [],
  parts: readonly string[] = ["measure"],
): Plan {
  return {
    settings: { ...SMALL, ...settings },
    parts,
    faults: faults.map((fault, index): Fault => ({ ...fault, number: index + 1 })),
  };
}

const plans: readonly (readonly [mistake: string, plan: Plan])[] = [
  [
    "a resumed search showed lines of its journal before they were on the disk",
    // It is killed when the line is written and not synced.
    plan({}, [{ kind: "crash", atMs: 29_999, operations: 1, downMs: 0 }]),
  ],
  [
    "a search that was killed before it could write down that it ends went on",
    // The line of the last result is synced, and that of the end is not written.
    plan({ generations: 2, target: 1e6 }, [
      { kind: "crash", atMs: 59_999, operations: 2, downMs: 0 },
    ]),
  ],
  [
    "candidates of an async search that were at work when it was over failed",
    plan({ mode: "async", trainers: ["2"], maxAttempts: 1, cost: "uniform:30s,60s" }),
  ],
  [
    "a candidate whose trainer had ended before it got it was given to another one, too",
    plan({ trainers: ["2"] }, [
      { kind: "crash", atMs: 5000, operations: 0, downMs: 0 },
      // That it is there and that it is gone is heard at the same time.
      { kind: "cut", atMs: 5000, trainer: 1, forMs: 10_000 },
      { kind: "kill", atMs: 10_000, trainer: 1 },
    ]),
  ],
  [
    "a candidate was given to the other trainer of a slot of which both had ended",
    plan({}, [
      { kind: "kill", atMs: 10_000, trainer: 0 },
      { kind: "kill", atMs: 10_000, trainer: 1 },
    ], ["measure", "score"]),
  ],
  [
    "a trainer that was stopped because another one did not start had used up an attempt",
    plan({ trainers: ["2"], maxAttempts: 1, cost: "constant:60s" }, [
      { kind: "crash", atMs: 10_000, operations: 0, downMs: 0 },
      // It has a minute to start.
      { kind: "cut", atMs: 10_000, trainer: 1, forMs: 70_000 },
      { kind: "kill", atMs: 20_000, trainer: 1 },
    ]),
  ],
  [
    "finalists were begun again when the last trainer was there",
    plan({ trainers: ["2"], finalistRepeats: 1, cost: "constant:20s" }, [
      { kind: "crash", atMs: 10_000, operations: 0, downMs: 0 },
      // The other one has done the generation meanwhile.
      { kind: "cut", atMs: 10_000, trainer: 1, forMs: 50_000 },
    ]),
  ],
  [
    "a simulation on a full disk said something else than that",
    plan({ maxAttempts: 1 }, [{ kind: "full", atMs: 20_000, forMs: 20_000 }]),
  ],
];

for (const [mistake, plan] of plans) {
  Deno.test(`it does not happen any more that ${mistake}`, async () => {
    const { breach, faults } = await rehearse(plan);
    assertEquals(breach, undefined);
    const happened = Object.values(faults).reduce((sum, count) => sum + count, 0);
    assertEquals(happened, plan.faults.length);
  });
}
