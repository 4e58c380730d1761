import { assert, assertEquals } from "@std/assert";
import { faultOfEvent } from "../../../actors/record/check_event.ts";
import type { JournalEvent } from "../../../actors/record/journal.ts";

const key = { generation: 0, candidate: 1, repeat: 0, seed: 7 };
const timing = {
  slot: "slot-0",
  device: "cpu",
  engine: "onnx/cpu",
  attempt: 1,
  startedAt: 1.5,
  queuedMs: 0,
  busyMs: 2,
  imagesPerSecond: 0,
};
const result = {
  type: "Evaluated",
  ...key,
  distribution: 0,
  age: 0,
  status: "ok",
  fitness: 0.5,
  scores: { mismatch: 1 },
  timings: { train: timing },
  reason: null,
};
const failed = { ...result, status: "failed", fitness: null, reason: "so", scores: {} };
const sample = { type: "Sampled", ...key, draw: { x: [0.5, 1], version: 0, id: 3 } };

const wrong = [undefined, null, "1", "", true, -1, 1.5, 2 ** 60, Infinity, NaN, [], {}, [null], {
  a: null,
}];

/** The value with another one in one place, for each place and each other value. */
function* changed(value: unknown): Generator<unknown> {
  yield* wrong;
  if (typeof value !== "object" || value === null) return;
  for (const [name, inside] of Object.entries(value)) {
    for (const other of changed(inside)) {
      yield Array.isArray(value)
        ? value.map((one, index) => `${index}` === name ? other : one)
        : { ...value, [name]: other };
    }
  }
}

Deno.test("what is found to be right at once is what the schema finds to be right", () => {
  // The schema is asked for whatever has reports.
  const ofSchema = (event: object) => faultOfEvent({ ...event, reports: {} } as JournalEvent);
  let right = 0;
  for (const one of [result, failed]) {
    assertEquals(faultOfEvent(one as JournalEvent), undefined);
    for (const event of changed(one)) {
      if (typeof event !== "object" || event === null || Array.isArray(event)) continue;
      const fault = faultOfEvent(event as JournalEvent);
      assertEquals(fault, ofSchema(event), JSON.stringify(event));
      if (fault === undefined) right++;
    }
  }
  assert(right > 0);
});

Deno.test("a sample has a key, a seed, a point of numbers and a version", () => {
  assertEquals(faultOfEvent(sample as JournalEvent), undefined);
  const cases: [name: string, other: unknown, fault: RegExp][] = [
    ["generation", -1, /generation to be a count/],
    ["candidate", 0.5, /candidate to be a count/],
    ["repeat", "0", /repeat to be a count/],
    ["seed", null, /seed to be a count/],
    ["draw", undefined, /draw is missing/],
    ["draw", null, /draw to be an object/],
    [
      "draw",
      { ...sample.draw, x: [1, "2"] },
      /draw.x.1 to be a finite number|draw.x.1 to be a number/,
    ],
    ["draw", { ...sample.draw, x: "AAAA" }, /draw.x to be a list of numbers/],
    ["draw", { ...sample.draw, version: 0.5 }, /draw.version to be an integer/],
  ];
  for (const [name, other, fault] of cases) {
    const said = faultOfEvent({ ...sample, [name]: other } as unknown as JournalEvent);
    assert(said !== undefined && fault.test(said), `${name}: ${said}`);
  }
});
