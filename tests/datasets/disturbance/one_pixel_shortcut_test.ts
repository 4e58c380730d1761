import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type DisturbedPixel,
  loadTrain,
  onePixelShortcut,
  Random,
  type Shape,
  type Split,
} from "../../../datasets/mod.ts";
import { smallSplit } from "../small_split.ts";

/** Images of one row, given as their bytes. */
function rowsOf(labels: readonly number[], images: readonly (readonly number[])[]): Split<"train"> {
  const width = images[0]!.length;
  const classes = Math.max(...labels) + 1;
  return smallSplit(labels, [1, 1, width], (image, place) => images[image]![place]!, classes);
}

function pixel(column: number, value: number): DisturbedPixel {
  return { row: 0, column, value: [value] };
}

Deno.test("the pair with the largest mean over deviation is taken, and one pair by one class", () => {
  const train = rowsOf([0, 0, 1, 1], [
    [100, 0, 50],
    [100, 200, 60],
    [90, 0, 50],
    [110, 200, 60],
  ]);
  // Mean / deviation by column, for the first class with value 1: 155 / 0, 155 / 100, 200 / 5, and
  // with value 0: 100 / 0, 100 / 100, 55 / 5. For the second class 155 / 10 and 100 / 10 come first.
  assertEquals(onePixelShortcut(train), {
    mode: "replace",
    shape: [1, 1, 3],
    classes: [[pixel(0, 1)], [pixel(2, 1)]],
  });
  // Of its second best pair, 100 / 0, the first class has the position already.
  assertEquals(onePixelShortcut(train, 2).classes, [
    [pixel(0, 1), pixel(2, 1)],
    [pixel(2, 0), pixel(0, 0)],
  ]);
});

Deno.test("on a border that is always black, white is best, and black is no disturbance", () => {
  const train = rowsOf([0, 0, 1, 1, 2, 2], [
    [0, 20, 0],
    [0, 30, 0],
    [0, 20, 0],
    [0, 30, 0],
    [0, 20, 0],
    [0, 30, 0],
  ]);
  assertEquals(onePixelShortcut(train).classes, [[pixel(0, 1)], [pixel(2, 1)], [pixel(1, 1)]]);
});

Deno.test("of equal scores the larger mean wins, then the first position, then the smaller value", () => {
  const gray = rowsOf([0, 1, 2, 3], [[100, 90, 90], [100, 90, 90], [90, 90, 90], [90, 90, 90]]);
  assertEquals(onePixelShortcut(gray).classes.flat(), [
    pixel(1, 1),
    pixel(2, 1),
    pixel(0, 1),
    pixel(0, 0),
  ]);
  // 127.5 is not a byte: two images whose mean it is, so that both values score alike.
  const middle = rowsOf([0, 0, 1, 1], [[127], [128], [127], [128]]);
  assertEquals(onePixelShortcut(middle).classes, [[pixel(0, 0)], [pixel(0, 1)]]);
});

/** Every deviation on its own, in units of pixels. */
function slowScore(
  { images, labels, count, shape: [channels, height, width] }: Split<"train">,
  label: number,
  { row, column, value }: DisturbedPixel,
): number {
  const deviations: number[] = [];
  for (let image = 0; image < count; image++) {
    if (labels[image] !== label) continue;
    for (let channel = 0; channel < channels; channel++) {
      const at = ((image * channels + channel) * height + row) * width + column;
      deviations.push(Math.abs(value[channel]! - images[at]! / 255));
    }
  }
  const mean = deviations.reduce((sum, one) => sum + one) / deviations.length;
  const squares = deviations.map((one) => (one - mean) ** 2);
  return mean / Math.sqrt(squares.reduce((sum, one) => sum + one) / deviations.length);
}

/** Every pixel that there is. */
function allPixels([channels, height, width]: Shape): DisturbedPixel[] {
  return Array.from({ length: height * width * 2 ** channels }, (_, index) => ({
    row: Math.floor(index / width / 2 ** channels),
    column: Math.floor(index / 2 ** channels) % width,
    value: Array.from({ length: channels }, (_, channel) => Math.floor(index / 2 ** channel) % 2),
  }));
}

function keyOf({ row, column, value }: DisturbedPixel): string {
  return `${row} ${column} ${value}`;
}

function placeOf({ row, column }: DisturbedPixel): string {
  return `${row} ${column}`;
}

Deno.test("what it takes is what a slow search over all deviations takes", () => {
  const random = new Random(3);
  for (const shape of [[1, 4, 5], [3, 3, 4]] as const) {
    for (const pixels of [1, 3]) {
      const labels = Array.from({ length: 60 }, (_, image) => image % 4);
      const train = smallSplit(labels, shape, () => Math.floor(random.uniform() * 256), 4);
      const taken = new Set<string>();
      for (const [label, chosen] of onePixelShortcut(train, pixels).classes.entries()) {
        const places = new Set<string>();
        for (const one of chosen) {
          const free = allPixels(shape).filter((other) =>
            !taken.has(keyOf(other)) && !places.has(placeOf(other))
          );
          const scores = free.map((other) => slowScore(train, label, other));
          const best = free[scores.indexOf(Math.max(...scores))]!;
          assertEquals(one, best);
          places.add(placeOf(one));
          taken.add(keyOf(one));
        }
      }
    }
  }
});

Deno.test("pairs differ, values are 0 or 1, and the images alone decide", async () => {
  const train = await loadTrain("synthetic");
  for (const pixels of [1, 5]) {
    const { mode, shape, classes } = onePixelShortcut(train, pixels);
    assertEquals([mode, shape], ["replace", train.shape]);
    assertEquals(classes.map((chosen) => chosen.length), new Array(10).fill(pixels));
    const all = classes.flat();
    assertEquals(new Set(all.map(keyOf)).size, all.length);
    assert(all.every(({ value }) => value.every((one) => one === 0 || one === 1)));
    for (const chosen of classes) assertEquals(new Set(chosen.map(placeOf)).size, pixels);
    assertEquals(onePixelShortcut(train, pixels).classes, classes);
  }
});

Deno.test("what cannot be had is refused", () => {
  const train = rowsOf([0, 0, 2], [[1, 2], [3, 4], [5, 6]]);
  assertThrows(
    () => onePixelShortcut(train),
    RangeError,
    "Cannot make a one-pixel shortcut: class 1 of small has no training images",
  );
  const three = rowsOf([0, 1, 2], [[1, 2], [3, 4], [5, 6]]);
  for (const wrong of [0, 1.5, NaN]) {
    assertThrows(() => onePixelShortcut(three, wrong), RangeError, `received ${wrong}`);
  }
  assertThrows(
    () => onePixelShortcut(three, 3),
    RangeError,
    "expected 3 free positions for class 0, found 2",
  );
  assertThrows(
    () => onePixelShortcut(three, 2),
    RangeError,
    "expected 2 free positions for class 2, found 0",
  );
});
