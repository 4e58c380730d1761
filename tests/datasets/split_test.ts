import { assertEquals, assertThrows } from "@std/assert";
import { checkedSplit, checkHalves, sharedBytes, type Split } from "../../datasets/mod.ts";
import { sourceLine } from "../../datasets/split.ts";
import { smallSplit } from "./small_split.ts";

Deno.test("a split whose parts do not fit each other is refused", () => {
  const good = smallSplit([0, 1], [1, 2, 2], () => 0, 2);
  const three = sharedBytes(2);
  three[1] = 2;
  const cases: [Partial<Split<"train">>, string][] = [
    [{ labels: three }, "label 1 must be below 2, received 2"],
    [{ labels: sharedBytes(3) }, "expected 2 labels, received 3"],
    [{ images: sharedBytes(7) }, "expected 8 bytes for 2 images of 1 x 2 x 2, received 7"],
    [{ count: 0 }, "expected at least 1 image, received 0"],
  ];
  assertEquals(checkedSplit(good), good);
  for (const [change, why] of cases) {
    assertThrows(() => checkedSplit({ ...good, ...change }), RangeError, why);
  }
});

Deno.test("the source line of a subset never reads like that of the whole set", () => {
  assertEquals(
    sourceLine("SVHN", "test", "here", 26_032, 26_032),
    "SVHN, 26,032 test images, here",
  );
  assertEquals(
    sourceLine("SVHN", "train", "here", 10, 73_257),
    "SVHN subset, 10 of 73,257 training images, here",
  );
});

Deno.test("halves that are not of one set are refused", () => {
  const train = smallSplit([0, 1], [1, 2, 2], () => 0, 2);
  const test: Split<"test"> = { ...train, split: "test" };
  checkHalves(train, test);
  const cases: [Partial<Split<"test">>, string][] = [
    [{ shape: [3, 2, 2] }, "expected images of 1 x 2 x 2 like the training images, received 3 x"],
    [{ classNames: ["1", "0"] }, "its classes are not those of the training images"],
  ];
  for (const [change, why] of cases) {
    assertThrows(() => checkHalves(train, { ...test, ...change }), RangeError, why);
  }
});
