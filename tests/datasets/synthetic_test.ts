import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { classCounts, loadTrain, type Split, syntheticSplit } from "../../datasets/mod.ts";

const bytes = (split: Split) => [...split.images];

Deno.test("the seed fixes every byte; seeds and halves differ", () => {
  const train = syntheticSplit("train", { count: 20, seed: 1 });
  assertEquals(bytes(syntheticSplit("train", { count: 20, seed: 1 })), bytes(train));
  assertNotEquals(bytes(syntheticSplit("train", { count: 20, seed: 2 })), bytes(train));
  assertNotEquals(bytes(syntheticSplit("test", { count: 20, seed: 1 })), bytes(train));
});

Deno.test("what one caller does to loaded images, the next one does not see", async () => {
  const expected = syntheticSplit("train");
  for (let caller = 0; caller < 2; caller++) {
    const loaded = await loadTrain("synthetic");
    assert(loaded.images.every((byte, at) => byte === expected.images[at]));
    assertEquals(loaded, { ...expected, images: loaded.images });
    loaded.images.fill(7);
    loaded.labels.fill(7);
  }
});

Deno.test("a larger set starts with the images of a smaller one", () => {
  const [small, large] = [10, 30].map((count) => syntheticSplit("train", { count }));
  assertEquals(bytes(large!).slice(0, small!.images.length), bytes(small!));
});

Deno.test("classes are equally frequent, sizes and shapes are free, the source says what it is", () => {
  const split = syntheticSplit("test", { count: 50, shape: [3, 8, 12], seed: 4 });
  assertEquals(classCounts(split), new Array(10).fill(5));
  assertEquals(split.images.length, 50 * 3 * 8 * 12);
  assertEquals(split.source, "synthetic, 50 test images, 3 x 8 x 12, seed 4");
});

/** Share of test images whose nearest class mean, in squared distance, is that of their class. */
function nearestMeanAccuracy(train: Split<"train">, test: Split<"test">): number {
  const size = train.images.length / train.count;
  const means = Array.from({ length: 10 }, () => new Float64Array(size));
  train.images.forEach((byte, i) => {
    means[train.labels[Math.floor(i / size)]!]![i % size]! += (10 * byte) / train.count;
  });
  let correct = 0;
  for (let image = 0; image < test.count; image++) {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, i) => sum + (value - test.images[image * size + i]!) ** 2, 0)
    );
    if (distances.indexOf(Math.min(...distances)) === test.labels[image]) correct += 1;
  }
  return correct / test.count;
}

Deno.test("the classes can be learnt from training images and recognised in test images", () => {
  const accuracy = nearestMeanAccuracy(
    syntheticSplit("train", { count: 500 }),
    syntheticSplit("test", { count: 200 }),
  );
  assert(accuracy > 0.8, `expected over 0.8 where chance is 0.1, received ${accuracy}`);
});

Deno.test("a count or shape that is no positive integer is refused", () => {
  assertThrows(() => syntheticSplit("train", { count: 0 }), RangeError, "received 0");
  assertThrows(() => syntheticSplit("train", { shape: [1, 28.5, 28] }), RangeError, "28.5");
});
