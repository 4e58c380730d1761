import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { combine, stepOff } from "../../experiments/figure4/interpolation.ts";
import type { Parameter } from "../../models/mod.ts";
import { Random } from "../../random.ts";

/** A convolution with two filters, a dense layer with three units, and a bias. */
function network(seed: number): Parameter[] {
  const random = new Random(seed);
  return [["conv.weight", [2, 3, 2, 2]], ["dense.weight", [4, 3]], ["dense.bias", [3]]].map(
    ([name, shape]) => {
      const size = (shape as number[]).reduce((product, count) => product * count, 1);
      const values = Float32Array.from({ length: size }, () => random.normal());
      return { name: name as string, shape: shape as number[], values };
    },
  );
}

Deno.test("shares of 0 and 1 give the networks themselves, and the middle is their mean", () => {
  const [a, b] = [network(1), network(2)];
  assertEquals(combine([a, b], [1, 0]), a);
  assertEquals(combine([a, b], [0, 1]), b);
  combine([a, b], [0.5, 0.5]).forEach(({ values }, which) =>
    values.forEach((value, i) =>
      assertAlmostEquals(value, (a[which]!.values[i]! + b[which]!.values[i]!) / 2, 1e-6)
    )
  );
  const beyond = combine([a, b], [1.5, -0.5])[0]!.values[0]!;
  assertAlmostEquals(beyond, 1.5 * a[0]!.values[0]! - 0.5 * b[0]!.values[0]!, 1e-6);
});

Deno.test("networks that do not fit each other are refused", () => {
  const other = network(2).map((parameter) =>
    parameter.name === "dense.bias" ? { ...parameter, shape: [1, 3] } : parameter
  );
  assertThrows(
    () => combine([network(1), other], [0.5, 0.5]),
    TypeError,
    "expected parameter dense.bias of shape 3 in all of them, received 1 x 3",
  );
  assertThrows(() => combine([network(1), []], [0.5, 0.5]), TypeError, "received none");
});

Deno.test("a step moves each filter by its share of the filter's length, and no bias", () => {
  const before = network(1);
  const after = stepOff(before, 0.5, 7);
  const length = (values: number[]) => Math.hypot(...values);
  const ratio = (which: number, places: number[]) =>
    length(places.map((at) => after[which]!.values[at]! - before[which]!.values[at]!)) /
    length(places.map((at) => before[which]!.values[at]!));
  const range = (count: number, from = 0, by = 1) =>
    Array.from({ length: count }, (_, i) => from + i * by);
  for (const filter of [0, 1]) assertAlmostEquals(ratio(0, range(12, 12 * filter)), 0.5, 1e-5);
  // A unit of a dense layer is a column of its weights.
  for (const unit of [0, 1, 2]) assertAlmostEquals(ratio(1, range(4, unit, 3)), 0.5, 1e-5);
  assertEquals(after[2], before[2]);
});

Deno.test("a seed decides the direction, and a negative length goes the other way", () => {
  const before = network(1);
  assertEquals(stepOff(before, 0.5, 7), stepOff(before, 0.5, 7));
  assert(stepOff(before, 0.5, 7)[0]!.values[0] !== stepOff(before, 0.5, 8)[0]!.values[0]);
  const [there, back] = [stepOff(before, 0.5, 7), stepOff(before, -0.5, 7)];
  there[0]!.values.forEach((value, i) =>
    assertAlmostEquals(value + back[0]!.values[i]!, 2 * before[0]!.values[i]!, 1e-5)
  );
});
