import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  compileDisturbance,
  decode,
  genomeLength,
  type GenomeSpec,
  initialMean,
  leftmostDisturbance,
  noDisturbance,
  uniformDisturbance,
} from "../../../datasets/mod.ts";

const MNIST: GenomeSpec = { classes: 10, pixels: 1, shape: [1, 28, 28] };
const CIFAR: GenomeSpec = { classes: 10, pixels: 10, shape: [3, 32, 32] };
const ONE: GenomeSpec = { classes: 1, pixels: 1, shape: [1, 28, 20] };

Deno.test("a genome has 2 + C coordinates for each pixel of each class", () => {
  assertEquals(genomeLength(MNIST), 30);
  assertEquals(genomeLength(CIFAR), 500);
});

Deno.test("coordinates are row, column and values, class by class, pixel by pixel", () => {
  const spec: GenomeSpec = { classes: 2, pixels: 2, shape: [3, 10, 20] };
  const genome = new Float64Array(genomeLength(spec)).map((_, i) => i / 20);
  const { classes, shape, mode } = decode(genome, spec);
  assertEquals([shape, mode], [[3, 10, 20], "add"]);
  assertEquals(classes.map((pixels) => pixels.map(({ row, column }) => [row, column])), [
    [[0, 1], [2, 6]],
    [[5, 11], [7, 16]],
  ]);
  const expected = [-0.8, -0.7, -0.6];
  classes[0]![0]!.value.forEach((value, i) => assert(Math.abs(value - expected[i]!) < 1e-12));
});

Deno.test("both ends of a coordinate lie inside the image and the value range", () => {
  assertEquals(decode([0, 0, 0], ONE).classes, [[{ row: 0, column: 0, value: [-1] }]]);
  assertEquals(decode([1, 1, 1], ONE).classes, [[{ row: 27, column: 19, value: [1] }]]);
  const spec: GenomeSpec = { ...ONE, valueRange: [0, 0.5], mode: "replace" };
  assertEquals(decode([0.5, 0.5, 0.5], spec), {
    mode: "replace",
    shape: [1, 28, 20],
    classes: [[{ row: 14, column: 10, value: [0.25] }]],
  });
});

Deno.test("the search starts in the middle of the image with a strong value", () => {
  const mean = initialMean(CIFAR);
  assertEquals(mean.length, 500);
  const { row, column, value } = decode(mean, CIFAR).classes[9]![9]!;
  assertEquals([row, column], [16, 16]);
  assert(value.every((v) => v >= 0.5 && v < 1), "strong, with room for the search on both sides");
});

Deno.test("a genome of the wrong length or outside the box is refused", () => {
  assertThrows(() => decode([0, 0], ONE), TypeError, "expected 3 coordinates, received 2");
  for (const wrong of [-0.001, 1.001, NaN, Infinity]) {
    assertThrows(
      () => decode([0, wrong, 0], ONE),
      RangeError,
      `coordinate 1 must be in [0, 1], received ${wrong}`,
    );
  }
});

Deno.test("a specification out of range is refused", () => {
  assertThrows(() => genomeLength({ ...ONE, pixels: 0 }), RangeError, "pixels must be a positive");
  assertThrows(() => genomeLength({ ...ONE, classes: 1.5 }), RangeError, "received 1.5");
  assertThrows(() => genomeLength({ ...ONE, valueRange: [1, 1] }), RangeError, "received [1, 1]");
});

Deno.test("uniform draws are fixed by their seed and spread over the image and both signs", () => {
  const spec: GenomeSpec = { classes: 200, pixels: 10, shape: [1, 28, 28] };
  const drawn = uniformDisturbance(1, spec);
  assertEquals(drawn, uniformDisturbance(1, spec));
  const pixels = drawn.classes.flat();
  assertEquals(new Set(pixels.map(({ row }) => row)).size, 28);
  assertEquals(new Set(pixels.map(({ column }) => column)).size, 28);
  const mean = pixels.reduce((sum, { value }) => sum + value[0]!, 0) / pixels.length;
  assert(Math.abs(mean) < 5 / Math.sqrt(3 * pixels.length), `mean ${mean} is within 5 deviations`);
  assert(JSON.stringify(drawn) !== JSON.stringify(uniformDisturbance(2, spec)));
});

Deno.test("leftmost has one full pixel per class in column 0, on a row of its own", () => {
  const { classes } = leftmostDisturbance(CIFAR);
  assertEquals(classes.map((pixels) => pixels.length), new Array(10).fill(1));
  assertEquals(new Set(classes.map(([pixel]) => pixel!.row)).size, 10);
  for (const [pixel] of classes) {
    assertEquals([pixel!.column, pixel!.value], [0, [1, 1, 1]]);
  }
  assertThrows(
    () => leftmostDisturbance({ classes: 29, pixels: 1, shape: [1, 28, 28] }),
    RangeError,
    "expected at most 28 classes, received 29",
  );
});

Deno.test("no disturbance has classes without pixels", () => {
  assertEquals(noDisturbance(MNIST).classes, new Array(10).fill([]));
});

Deno.test("a disturbance is plain JSON", () => {
  const drawn = uniformDisturbance(3, CIFAR);
  assertEquals(JSON.parse(JSON.stringify(drawn)), drawn);
});

Deno.test("a disturbance of every pixel of a large image can be used", () => {
  const [channels, side] = [3, 256];
  const pixels = Array.from({ length: side * side }, (_, at) => ({
    row: Math.floor(at / side),
    column: at % side,
    value: [0.1, 0.2, 0.3],
  }));
  const { places } = compileDisturbance({
    mode: "add",
    shape: [channels, side, side],
    classes: [pixels],
  });
  assertEquals(places.length, channels * side * side);
});
