import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createState, evaluationKey, FitnessCache } from "../../evolution/mod.ts";

const state = createState({
  mean: [0.5, 0.5],
  sigma: 0.2,
  bounds: { lower: 0, upper: 1 },
  integers: [1 / 28, null],
});

Deno.test("points that decode alike have the same key, with the same seed", () => {
  const key = evaluationKey(state, [0.511, 0.3], 7);
  assertEquals(evaluationKey(state, [0.512, 0.3], 7), key);
  assertNotEquals(evaluationKey(state, [0.54, 0.3], 7), key);
  assertNotEquals(evaluationKey(state, [0.511, 0.3001], 7), key);
  assertNotEquals(evaluationKey(state, [0.511, 0.3], 8), key);
  assertEquals(evaluationKey(state, [0.99, 0.3], 7), evaluationKey(state, [1, 0.3], 7));
});

Deno.test("a cache gives back what it was given and counts how often it could", () => {
  const cache = new FitnessCache();
  assertEquals(cache.get("a"), undefined);
  cache.set("a", 1.5);
  assertEquals([cache.get("a"), cache.hits, cache.misses], [1.5, 1, 1]);
});

Deno.test("a full cache forgets what was not used for longest", () => {
  const cache = new FitnessCache(2);
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  assertEquals([cache.get("a"), cache.get("b"), cache.get("c")], [1, undefined, 3]);
  cache.set("c", 4);
  assertEquals([cache.get("a"), cache.get("c")], [1, 4]);
});

Deno.test("a cache without room is refused", () => {
  assertThrows(() => new FitnessCache(0), RangeError, "capacity must be a positive integer");
});
