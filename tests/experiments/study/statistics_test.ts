import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { inPaperMeans, orderingsOf, testOrdering } from "../../../experiments/table1/orderings.ts";
import { meanAndDeviation, pairedTTest, summaryOf } from "../../../experiments/study/statistics.ts";

Deno.test("the deviation is that of a sample, and one value has none", () => {
  assertEquals(meanAndDeviation([2, 4, 9]), { mean: 5, deviation: Math.sqrt(13) });
  assertEquals(meanAndDeviation([7]), { mean: 7, deviation: null });
});

Deno.test("samples of the largest and the smallest numbers have a mean, a deviation and a p-value", () => {
  assertEquals(meanAndDeviation([1.7e308, 1.7e308]), { mean: 1.7e308, deviation: 0 });
  assertEquals(summaryOf([1.5e308, null, 1e308]).mean, 1.25e308);
  const p = pairedTTest([1.2, 0.8, 2.5]);
  for (const scale of [1e-300, 1e-200, 1e200, 5e307]) {
    assertAlmostEquals(pairedTTest([1.2 * scale, 0.8 * scale, 2.5 * scale]), p, 1e-9);
  }
});

Deno.test("p-values are SciPy's", () => {
  // scipy.stats.ttest_1samp(differences, 0, alternative="greater"), SciPy 1.17.1
  const cases: [number[], number][] = [
    [[1.2, 0.8, 2.5], 0.04990997299099685],
    [[3.1, -0.4, 1.7, 0.9, 2.2], 0.032516396402728284],
    [[-1, -2, -0.5, 0.1], 0.9241350003711735],
    [[25.1, 31.7, 28.3, 19.9, 30.2], 0.0001044922152026255],
    [[0.1, 0.2], 0.10241638234956671],
  ];
  for (const [differences, p] of cases) assertAlmostEquals(pairedTTest(differences), p, 1e-9);
});

Deno.test("differences that are all the same have the p-value of the limit", () => {
  assertEquals([[1, 1, 1], [0, 0, 0], [-1, -1, -1]].map(pairedTTest), [0, 0.5, 1]);
  assertThrows(() => pairedTTest([1]), RangeError, "received 1");
});

const [ordering] = orderingsOf([1]);

Deno.test("an ordering is shown, not shown, or has not enough runs", () => {
  const test = (higher: (number | null)[], lower: (number | null)[]) =>
    testOrdering(ordering!, "graynet", higher, lower);
  assertEquals(test([0.9, 0.92, 0.88], [0.5, 0.6, 0.55]).verdict, "shown");
  assertEquals(test([0.5, 0.6, 0.55], [0.9, 0.92, 0.88]).verdict, "not shown");
  assertEquals(test([0.9, 0.5, 0.7], [0.6, 0.8, 0.7]).verdict, "not shown");
  assertEquals(test([0.9, 0.92], [0.5, 0.6]), {
    ...ordering!,
    network: "graynet",
    differences: [0.4, 0.92 - 0.6],
    p: null,
    verdict: "not enough runs",
  });
});

Deno.test("a repeat in which one of both failed is no pair", () => {
  const { differences, verdict } = testOrdering(
    ordering!,
    "graynet",
    [0.75, null, 0.875],
    [0.5, 0.5, null],
  );
  assertEquals(differences, [0.25]);
  assertEquals(verdict, "not enough runs");
});

Deno.test("orderings follow the numbers of pixels, and know the paper's own means", () => {
  const all = orderingsOf([1, 2, 5]).map((each) =>
    [`${each.higher} > ${each.lower}`, each.claimedBy, inPaperMeans(each)].join("; ")
  );
  assertEquals(all, [
    "clean > leftmost 1 px; paper; 3 of 3",
    "leftmost 1 px > uniform 1 px; paper; 3 of 3",
    "leftmost 1 px > mddes 1 px; paper; 3 of 3",
    "uniform 1 px > mddes 1 px; paper; 2 of 3",
    "mddes 1 px > mddes 2 px; paper; 3 of 3",
    "mddes 2 px > mddes 5 px; paper; 3 of 3",
    "uniform 2 px > mddes 2 px; project; ",
    "uniform 5 px > mddes 5 px; project; ",
    "ops 1 px > mddes 1 px; project; ",
    "mddes 1 px > class-wise 1 px; project; ",
    "random-search 1 px > mddes 1 px; project; ",
    "fm-only 1 px > mddes 1 px; project; ",
    "fd-only 1 px > mddes 1 px; project; ",
  ]);
});
