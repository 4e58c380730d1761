import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { deviationOf, difference, meanOf, medianOf, midpoint } from "../averages.ts";
import { Random } from "../random.ts";

const { MAX_VALUE, MIN_VALUE } = Number;

Deno.test("the largest numbers have medians and means", () => {
  assertEquals(medianOf([1.7e308, 1.7e308]), 1.7e308);
  assertEquals(medianOf([1.7e308, 3, 1.5e308, 1e308]), 1.25e308);
  assertEquals(medianOf([-1.7e308, 1.7e308]), 0);
  for (const count of [1, 2, 3, 5, 7, 10, 99]) {
    assertEquals(meanOf(new Array<number>(count).fill(1.7e308)), 1.7e308);
    assertEquals(meanOf(new Array<number>(count).fill(-MAX_VALUE)), -MAX_VALUE);
  }
  assertEquals(meanOf([1.7e308, 1.7e308, -1.7e308, -1.7e308]), 0);
  assertEquals(meanOf([1.5e308, 1.5e308, 0, 0]), 7.5e307);
});

Deno.test("the smallest numbers have medians and means", () => {
  assertEquals(medianOf([MIN_VALUE, MIN_VALUE]), MIN_VALUE);
  assertEquals(meanOf([MIN_VALUE, MIN_VALUE]), MIN_VALUE);
  assert(Object.is(medianOf([-0, -0]), 0) && Object.is(meanOf([-0, -0]), 0));
  assert(Object.is(midpoint(-1, 1), 0));
});

Deno.test("deviations neither overflow nor vanish", () => {
  assertAlmostEquals(deviationOf([2e200, 4e200, 9e200]) / 1e200, Math.sqrt(13), 1e-14);
  assertAlmostEquals(deviationOf([2e-200, 4e-200, 9e-200]) / 1e-200, Math.sqrt(13), 1e-14);
  assertAlmostEquals(deviationOf([-1e308, 1e308]) / 1e308, Math.SQRT2, 1e-14);
  assertEquals(deviationOf([-MAX_VALUE, MAX_VALUE]), MAX_VALUE);
  assertEquals(deviationOf([1.7e308, 1.7e308, 1.7e308]), 0);
  assertEquals(deviationOf([0, 0]), 0);
});

Deno.test("differences end at the largest number", () => {
  assertEquals(difference(1.7e308, -1.7e308), MAX_VALUE);
  assertEquals(difference(-1.7e308, 1.7e308), -MAX_VALUE);
  assertEquals(difference(3, 1), 2);
});

Deno.test("ordinary numbers have the bits of the plain formulas", () => {
  const random = new Random(1);
  for (let i = 0; i < 300; i++) {
    const values = Array.from(
      { length: 2 + random.integer(8) },
      () => random.normal() * 10 ** (random.integer(60) - 30),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    assertEquals(meanOf(values), mean);
    assertEquals(deviationOf(values), Math.sqrt(squares / (values.length - 1)));
    const [a, b] = [values[0]!, values[1]!];
    assertEquals(medianOf([a, b]), (a + b) / 2);
  }
});
