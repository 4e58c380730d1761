import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { allIndices, holdOut, shuffled, stratifiedSubset } from "../../datasets/mod.ts";
import { smallSplit } from "./small_split.ts";

// 60 of class 0, 30 of class 1, 10 of class 2, none of class 3, mixed
const labels = Array.from({ length: 100 }, (_, i) => i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
const split = smallSplit(labels, [1, 1, 1], (image) => image, 4);

function counts(indices: Uint32Array): number[] {
  return [0, 1, 2, 3].map((label) => indices.filter((index) => labels[index] === label).length);
}

Deno.test("a stratified subset has the classes in their proportions", () => {
  assertEquals(counts(stratifiedSubset(split, 50, 1)), [30, 15, 5, 0]);
  assertEquals(counts(stratifiedSubset(split, 10, 1)), [6, 3, 1, 0]);
  assertEquals(counts(stratifiedSubset(split, 100, 1)), [60, 30, 10, 0]);
});

Deno.test("sizes that do not divide are met exactly, each class within one image", () => {
  for (let size = 1; size <= 100; size++) {
    const received = counts(stratifiedSubset(split, size, 3));
    assertEquals(received.reduce((a, b) => a + b), size);
    [0.6, 0.3, 0.1, 0].forEach((share, label) =>
      assert(Math.abs(received[label]! - share * size) < 1)
    );
  }
});

Deno.test("a subset has no image twice, in rising order, and is fixed by its seed", () => {
  const subset = stratifiedSubset(split, 40, 5);
  assertEquals(new Set(subset).size, 40);
  assertEquals(subset.slice().sort(), subset);
  assertEquals(stratifiedSubset(split, 40, 5), subset);
  assertNotEquals(stratifiedSubset(split, 40, 6), subset);
});

Deno.test("held-out images are no training images, and both make the whole", () => {
  const subset = stratifiedSubset(split, 50, 1);
  const { fit, heldOut } = holdOut(split, subset, 10, 2);
  assertEquals(counts(heldOut), [6, 3, 1, 0]);
  assertEquals(counts(fit), [24, 12, 4, 0]);
  assertEquals([...fit, ...heldOut].sort((a, b) => a - b), [...subset]);
});

Deno.test("a shuffle is a permutation, fixed by its seed, and leaves its input alone", () => {
  const order = shuffled(allIndices(split), 1);
  assertEquals(order.slice().sort(), allIndices(split));
  assertEquals(shuffled(allIndices(split), 1), order);
  assertNotEquals(shuffled(allIndices(split), 2), order);
});

Deno.test("a size beyond the images is refused", () => {
  for (const size of [0, -1, 101, 1.5, NaN]) {
    assertThrows(
      () => stratifiedSubset(split, size, 1),
      RangeError,
      `expected 1 to 100 of them, received ${size}`,
    );
  }
  assertThrows(() => holdOut(split, allIndices(split), 100, 1), RangeError, "fewer than 100");
});
