import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Decay,
  learningRateAt,
  type Schedule,
  scheduleByName,
  scheduleNames,
} from "../../models/mod.ts";

function rates(name: string, epochs: number): number[] {
  return Array.from(
    { length: epochs },
    (_, epoch) => learningRateAt(scheduleByName(name), 1, epoch, epochs),
  );
}

Deno.test("a constant schedule changes nothing", () => {
  assertEquals(rates("constant", 3), [1, 1, 1]);
});

Deno.test("a step schedule drops to a tenth after half and after three quarters", () => {
  assertEquals(rates("step", 8).map((rate) => Number(rate.toFixed(6))), [
    ...[1, 1, 1, 1],
    ...[0.1, 0.1],
    ...[0.01, 0.01],
  ]);
});

Deno.test("a cosine schedule falls from the whole rate through half of it towards 0", () => {
  const falling = rates("cosine", 4);
  assertEquals(falling[0], 1);
  assertAlmostEquals(falling[2]!, 0.5);
  assertAlmostEquals(learningRateAt(scheduleByName("cosine"), 1, 3.999, 4), 0, 1e-6);
});

Deno.test("a warm-up grows in a straight line to the whole rate, and never is 0", () => {
  const schedule = { warmup: 2, decay: { kind: "constant" } } as const;
  const rate = (epoch: number) => learningRateAt(schedule, 1, epoch, 10);
  assertEquals(rate(0) > 0 && rate(0) < 0.011, true);
  assertAlmostEquals(rate(1) - rate(0.5), rate(0.5) - rate(0));
  assertEquals(rate(2), 1);
});

Deno.test("a moment outside of the run and an unknown schedule are refused", () => {
  for (const epoch of [-1, 5, NaN]) {
    assertThrows(() => learningRateAt(scheduleByName("step"), 1, epoch, 5), RangeError, `${epoch}`);
  }
  assertThrows(() => scheduleByName("linear"), RangeError, scheduleNames.join(", "));
});

Deno.test("a schedule with numbers that make no sense is refused, and gives no rate", () => {
  const constant: Decay = { kind: "constant" };
  const step = { kind: "step", after: [0.5], factor: 0.1 } as const;
  const refused = (
    { warmup = 0, decay = constant, base = 1, epochs = 5 }: Partial<Schedule> & {
      readonly base?: number;
      readonly epochs?: number;
    },
    kind: new (message: string) => Error,
    message: string,
  ) =>
    assertThrows(
      () => learningRateAt({ warmup, decay }, base, 1, epochs),
      kind,
      `Cannot schedule: ${message}`,
    );
  for (const wrong of [NaN, -1, Infinity]) {
    refused(
      { warmup: wrong },
      RangeError,
      `the warm-up must be 0 epochs or more, received ${wrong}`,
    );
    refused({ base: wrong }, RangeError, `the learning rate must be positive, received ${wrong}`);
    refused(
      { epochs: wrong },
      RangeError,
      `the number of epochs must be positive, received ${wrong}`,
    );
    refused(
      { decay: { ...step, factor: wrong } },
      RangeError,
      `the factor must be positive, received ${wrong}`,
    );
    refused(
      { decay: { ...step, after: [0.5, wrong] } },
      RangeError,
      `drops must come after shares from 0 to 1, received ${wrong}`,
    );
  }
  refused(
    { decay: { kind: "linear" } as unknown as Decay },
    TypeError,
    'expected a decay of kind constant, step or cosine, received "linear"',
  );
});
