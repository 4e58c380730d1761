import { assertEquals } from "@std/assert";
import { faultOf } from "../../../actors/population/check_result.ts";
import type { PartDone } from "../../../actors/population/protocol.ts";

const DONE: PartDone = {
  type: "PartDone",
  generation: 3,
  candidate: 2,
  repeat: 0,
  part: "measure",
  scores: { value: -1.5 },
  timing: {
    slot: "slot-0",
    device: "cpu",
    engine: "none",
    attempt: 1,
    startedAt: 1e12,
    queuedMs: 0.5,
    busyMs: 10,
    imagesPerSecond: 0,
  },
};

/** Of every kind that a value can have. */
const VALUES = [
  undefined,
  null,
  true,
  "",
  "7",
  0,
  -0,
  7,
  -1,
  1.5,
  2 ** 53,
  NaN,
  Infinity,
  7n,
  [],
  {},
  new Date(0),
  new Map(),
];

type Check = (value: unknown) => boolean;
type Case = [name: string, change: (value: unknown) => object, isAllowed: Check];

const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFinite: Check = (value) => Number.isFinite(value);
const isText: Check = (value) => typeof value === "string";

/** A result in which one value is another one; whether that is in order. */
const CASES: Case[] = [
  ["generation", (generation) => ({ ...DONE, generation }), isCount],
  ["candidate", (candidate) => ({ ...DONE, candidate }), isCount],
  ["repeat", (repeat) => ({ ...DONE, repeat }), isCount],
  ["part", (part) => ({ ...DONE, part }), isText],
  ["scores", (scores) => ({ ...DONE, scores }), () => false],
  [
    "scores.value",
    (value) => ({ ...DONE, scores: { value } }),
    (value) => typeof value === "number",
  ],
  [
    "scores.other",
    (other) => ({ ...DONE, scores: { value: 1, other } }),
    (value) => typeof value === "number",
  ],
  ["timing", (timing) => ({ ...DONE, timing }), () => false],
  ...["slot", "device", "engine"].map((key): Case => [
    `timing.${key}`,
    (value) => ({ ...DONE, timing: { ...DONE.timing, [key]: value } }),
    isText,
  ]),
  [
    "timing.attempt",
    (attempt) => ({ ...DONE, timing: { ...DONE.timing, attempt } }),
    isCount,
  ],
  ...["startedAt", "queuedMs", "busyMs", "imagesPerSecond"].map((key): Case => [
    `timing.${key}`,
    (value) => ({ ...DONE, timing: { ...DONE.timing, [key]: value } }),
    isFinite,
  ]),
];

for (const [name, change, isAllowed] of CASES) {
  Deno.test(`a result is taken with some values of its ${name}, and refused with all others`, () => {
    for (const value of VALUES) {
      const fault = faultOf(change(value) as PartDone, "value");
      assertEquals(fault === undefined, isAllowed(value), `${String(value)}: ${fault}`);
    }
  });
}

Deno.test("a result without the score that counts is refused", () => {
  assertEquals(faultOf({ ...DONE, scores: { other: 1 } }, "value"), "scores.value is missing");
  assertEquals(faultOf({ ...DONE, scores: { other: 1 } }), undefined);
});
