import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type BatchRequest,
  compileDisturbance,
  discriminatorSamples,
  type Disturbance,
  type DisturbedPixel,
  fillBatch,
  fillDiscriminatorBatch,
  Random,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { smallSplit } from "./small_split.ts";

const SHAPE = [1, 2, 3] as const;

/** Fill a batch of every image, in order. */
function batchOf(
  split: BatchRequest["split"],
  disturbance?: Disturbance,
): { images: number[][]; labels: number[] } {
  const size = split.images.length / split.count;
  const images = new Float32Array(split.images.length);
  const labels = new Uint8Array(split.count);
  fillBatch({
    split,
    indices: Uint32Array.from({ length: split.count }, (_, i) => i),
    start: 0,
    count: split.count,
    disturbance: disturbance && compileDisturbance(disturbance),
    images,
    labels,
  });
  return {
    images: Array.from(labels, (_, i) => [...images.subarray(i * size, (i + 1) * size)]),
    labels: [...labels],
  };
}

/** Disturb class 0 of two, in images of shape `[1, 2, 3]`. */
const first = (mode: Disturbance["mode"], ...pixels: DisturbedPixel[]): Disturbance => ({
  mode,
  shape: SHAPE,
  classes: [pixels, []],
});
const at = (row: number, column: number, value: number) => ({ row, column, value: [value] });
/** Byte 51 is 0.2. */
const FIFTH = Math.fround(0.2);

Deno.test("bytes become byte / 255, as float32", () => {
  const split = smallSplit([0], [1, 16, 16], (_, place) => place);
  batchOf(split).images[0]!.forEach((value, byte) => assertEquals(value, Math.fround(byte / 255)));
});

Deno.test("indices choose the images, from `start` on, and their order", () => {
  const split = smallSplit([0, 1, 2, 3], [1, 1, 1], (image) => image);
  const images = new Float32Array(2);
  const labels = new Uint8Array(2);
  const indices = Int32Array.of(3, 2, 0, 2);
  fillBatch({ split, indices, start: 1, count: 2, images, labels });
  assertEquals([...labels], [2, 0]);
  assertEquals([...images], [Math.fround(2 / 255), 0]);
});

Deno.test("only images of the disturbed class change, and only the disturbed pixel", () => {
  const split = smallSplit([1, 0], SHAPE, () => 51, 2);
  const { images } = batchOf(split, first("add", at(1, 2, 0.5)));
  assertEquals(images[0], new Array(6).fill(FIFTH));
  assertEquals(images[1], [FIFTH, FIFTH, FIFTH, FIFTH, FIFTH, Math.fround(FIFTH + 0.5)]);
});

Deno.test("adding and replacing clip to [0, 1]", () => {
  const split = smallSplit([0], SHAPE, () => 51, 2);
  const pixels = [at(0, 0, 0.9), at(0, 1, -0.5), at(0, 2, 1), at(1, 0, -1)] as const;
  assertEquals(batchOf(split, first("add", ...pixels)).images[0]!.slice(0, 4), [1, 0, 1, 0]);
  assertEquals(
    batchOf(split, first("replace", ...pixels, at(1, 1, 2))).images[0]!.slice(0, 5),
    [Math.fround(0.9), 0, 1, 0, 1],
  );
});

Deno.test("pixels on one spot are summed before clipping, in any order", () => {
  const split = smallSplit([0], SHAPE, () => 51, 2);
  const three = [at(0, 0, 0.9), at(0, 0, 0.75), at(0, 0, -1.5)];
  for (const pixels of [three, three.toReversed()]) {
    const [value] = batchOf(split, first("add", ...pixels)).images[0]!;
    assert(Math.abs(value! - 0.35) < 1e-6, `0.2 + 0.15 expected, received ${value}`);
  }
});

Deno.test("with `replace` the last pixel on a spot counts", () => {
  const split = smallSplit([0], SHAPE, () => 51, 2);
  const { images } = batchOf(split, first("replace", at(0, 0, 0.75), at(0, 0, 0.25)));
  assertEquals(images[0]![0], 0.25);
});

Deno.test("every channel gets its own value", () => {
  const split = smallSplit([0], [3, 2, 3], () => 0, 1);
  const { images } = batchOf(split, {
    mode: "add",
    shape: [3, 2, 3],
    classes: [[{ row: 1, column: 0, value: [0.25, 0.5, 0.75] }]],
  });
  assertEquals(images[0], [0, 0, 0, 0.25, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0.75, 0, 0]);
});

Deno.test("the set itself is never disturbed", () => {
  const split = smallSplit([0, 1, 0], SHAPE, (image, place) => image * 6 + place, 2);
  const before = [...split.images];
  batchOf(split, first("add", at(0, 0, 1)));
  assertEquals([...split.images], before);
});

Deno.test("a disturbance that does not fit an image is refused", () => {
  const cases: [DisturbedPixel, string][] = [
    [at(2, 0, 1), "pixel 1 of class 0 must lie in 2 rows and 3 columns, received row 2, column 0"],
    [at(0, -1, 1), "received row 0, column -1"],
    [at(0, 0.5, 1), "received row 0, column 0.5"],
    [at(0, 0, NaN), "must be finite, received NaN"],
    [{ row: 0, column: 0, value: [1, 1, 1] }, "must have 1 value, received 3"],
  ];
  for (const [pixel, why] of cases) {
    assertThrows(() => compileDisturbance(first("add", at(0, 0, 0), pixel)), Error, why);
  }
});

Deno.test("a compiled disturbance survives being sent to a worker", () => {
  const spec = { classes: 10, pixels: 3, shape: [3, 32, 32] as const };
  const compiled = compileDisturbance(uniformDisturbance(1, spec));
  assertEquals(structuredClone(compiled), compiled);
});

Deno.test("a batch that does not fit its arrays or its split is refused", () => {
  const split = smallSplit([0, 1], SHAPE, () => 0, 2);
  const good: BatchRequest = {
    split,
    indices: Uint32Array.of(0, 1),
    start: 0,
    count: 2,
    images: new Float32Array(12),
    labels: new Uint8Array(2),
  };
  const other = compileDisturbance({ mode: "add", shape: [1, 3, 2], classes: [[], []] });
  const fewer = compileDisturbance({ mode: "add", shape: SHAPE, classes: [[]] });
  const cases: [Partial<BatchRequest>, string][] = [
    [{ start: 1 }, "expected a run within 2 samples, received 2 from 1"],
    [{ start: -1 }, "received 2 from -1"],
    [{ count: 0 }, "received 0 from 0"],
    [{ count: NaN }, "received NaN from 0"],
    [{ images: new Float32Array(11) }, "expected room for 12 values and 2 labels"],
    [{ labels: new Uint8Array(1) }, "received 12 and 1"],
    [{ indices: Uint32Array.of(0, 2) }, "expected an image index below 2, received 2"],
    [{ indices: Int32Array.of(0, -1) }, "expected an image index below 2, received -1"],
    [{ disturbance: other }, "2 classes for 1 x 2 x 3 images, received 2 classes for 1 x 3 x 2"],
    [{ disturbance: fewer }, "received 1 classes for 1 x 2 x 3"],
    [{ augmentation: { pad: 1, flip: false } }, "an augmentation needs `random`"],
  ];
  fillBatch(good);
  for (const [change, why] of cases) {
    assertThrows(() => fillBatch({ ...good, ...change }), Error, why);
  }
});

Deno.test("augmentation moves the disturbed pixel: it comes after the disturbance", () => {
  const split = smallSplit(new Array(64).fill(0), [1, 5, 5], () => 0, 1);
  const disturbance = compileDisturbance({
    mode: "add",
    shape: [1, 5, 5],
    classes: [[{ row: 2, column: 2, value: [1] }]],
  });
  const images = new Float32Array(64 * 25);
  fillBatch({
    split,
    indices: Uint32Array.from({ length: 64 }, (_, i) => i),
    start: 0,
    count: 64,
    disturbance,
    augmentation: { pad: 1, flip: false },
    random: new Random(1),
    images,
    labels: new Uint8Array(64),
  });
  const places = Array.from({ length: 64 }, (_, i) => images.subarray(i * 25).indexOf(1));
  assertEquals(
    [...new Set(places)].sort((a, b) => a - b),
    [6, 7, 8, 11, 12, 13, 16, 17, 18],
  );
});

Deno.test("the discriminator sees every image clean (1) and disturbed (0)", () => {
  const split = smallSplit([0, 1, 0], SHAPE, () => 0, 2);
  const disturbance = compileDisturbance({
    mode: "add",
    shape: SHAPE,
    classes: [[at(0, 0, 1)], [at(1, 1, 0.5)]],
  });
  const samples = discriminatorSamples(Uint32Array.of(2, 1));
  const images = new Float32Array(4 * 6);
  const labels = new Uint8Array(4);
  fillDiscriminatorBatch({ split, samples, start: 0, count: 4, disturbance, images, labels });
  assertEquals([...labels], [1, 0, 1, 0]);
  const rows = Array.from({ length: 4 }, (_, i) => [...images.subarray(i * 6, (i + 1) * 6)]);
  assertEquals(rows, [
    [0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0.5, 0],
  ]);
});
