import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { testPairs } from "../../../experiments/findings/pairs.ts";

Deno.test("a difference that every repeat has is shown, and its opposite is not", () => {
  const high = [0.9, 0.8, 0.7, 0.85];
  const low = [0.5, 0.45, 0.4, 0.6];
  const test = testPairs(high, low);
  assertEquals([test.differences.length, test.verdict], [4, "shown"]);
  assert(test.p! < 0.01, `${test.p}`);
  const opposite = testPairs(low, high);
  assertEquals(opposite.verdict, "not shown");
  assertAlmostEquals(test.p! + opposite.p!, 1, 1e-9);
});

Deno.test("a repeat in which one of them failed is no pair", () => {
  const test = testPairs([0.9, null, 0.8, 0.7], [0.5, 0.4, null, 0.3]);
  assertEquals([test.differences.length, test.p, test.verdict], [2, null, "not enough runs"]);
  assertEquals(testPairs([null], [0.5]), {
    differences: [],
    p: null,
    verdict: "not enough runs",
  });
});
