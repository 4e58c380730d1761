import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { costModel, parseCost, type Stragglers } from "../../simulation/cost.ts";

const COUNT = 20_000;

const NONE: Stragglers = { share: 0, factor: 1 };

function draws(text: string, stragglers = NONE, seed = 1): number[] {
  const costMs = costModel(parseCost(text)!, stragglers, seed, undefined);
  return Array.from(
    { length: COUNT },
    (_, candidate) => costMs({ generation: 0, candidate, repeat: 0, part: "measure", attempt: 1 }),
  );
}

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

Deno.test("costs have the mean of their distribution", () => {
  // Each within four standard errors.
  for (
    const [text, mean, deviation] of [
      ["constant:30s", 30_000, 0],
      ["uniform:10s,50s", 30_000, 40_000 / Math.sqrt(12)],
      ["exponential:30s", 30_000, 30_000],
      ["lognormal:30s,0.6", 30_000 * Math.exp(0.18), 30_000 * Math.exp(0.18) * 0.659],
    ] as const
  ) {
    const values = draws(text);
    assert(Math.abs(meanOf(values) - mean) <= 4 * deviation / Math.sqrt(COUNT), text);
    assert(values.every((value) => value >= 0), text);
  }
  const [low, high] = [
    Math.min(...draws("uniform:10s,50s")),
    Math.max(...draws("uniform:10s,50s")),
  ];
  assert(low >= 10_000 && low < 10_100 && high <= 50_000 && high > 49_900);
});

Deno.test("a share of the trainings takes so many times longer, and the others as long as without", () => {
  const plain = draws("uniform:10s,50s");
  const mixed = draws("uniform:10s,50s", { share: 0.05, factor: 10 });
  const factors = mixed.map((value, index) => Math.round(value / plain[index]!));
  assertEquals(new Set(factors), new Set([1, 10]));
  const share = factors.filter((factor) => factor === 10).length / COUNT;
  assert(Math.abs(share - 0.05) < 4 * Math.sqrt(0.05 * 0.95 / COUNT), `${share}`);
});

Deno.test("a cost is a function of the seed and of the evaluation, and of nothing else", () => {
  const cost = parseCost("lognormal:30s,0.6")!;
  const one = costModel(cost, NONE, 1, undefined);
  const key = { generation: 3, candidate: 4, repeat: 0, part: "measure", attempt: 1 };
  const value = one(key);
  one({ ...key, candidate: 5 });
  assertEquals(one(key), value);
  assertEquals(costModel(cost, NONE, 1, undefined)(key), value);
  assertEquals(one({ ...key, attempt: 2 }), value, "it is the same training");
  assertNotEquals(costModel(cost, NONE, 2, undefined)(key), value);
  for (const other of ["generation", "candidate", "repeat"] as const) {
    assertNotEquals(one({ ...key, [other]: key[other] + 1 }), value, other);
  }
});

Deno.test("whether a training straggles is drawn for each attempt", () => {
  const costMs = costModel(parseCost("constant:1s")!, { share: 0.5, factor: 10 }, 1, undefined);
  const key = { generation: 0, candidate: 0, repeat: 0, part: "measure" };
  const times = Array.from({ length: 20 }, (_, index) => costMs({ ...key, attempt: index + 1 }));
  assertEquals(new Set(times), new Set([1000, 10_000]));
});
