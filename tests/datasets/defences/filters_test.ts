import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { decode, encode } from "jpeg-js";
import type { Shape } from "../../../datasets/mod.ts";
import { bitDepth } from "../../../datasets/defences/bit_depth.ts";
import type { Filter } from "../../../datasets/defences/defence.ts";
import { gaussian, gaussianKernel } from "../../../datasets/defences/gaussian.ts";
import { gray } from "../../../datasets/defences/gray.ts";
import { jpeg } from "../../../datasets/defences/jpeg.ts";
import { median } from "../../../datasets/defences/median.ts";
import { Random } from "../../../random.ts";

function noise(count: number, [channels, height, width]: Shape, seed = 3): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: count * channels * height * width }, () => random.integer(256));
}

function after({ filter }: Filter, images: Iterable<number>, shape: Shape): Uint8Array {
  const bytes = Uint8Array.from(images);
  filter(bytes, shape);
  return bytes;
}

Deno.test("a filter changes each image of several as it does alone, and always alike", () => {
  for (
    const [filter, shape] of [
      [gray, [3, 5, 4]],
      [gaussian, [2, 5, 4]],
      [median, [3, 4, 5]],
      [bitDepth, [1, 5, 4]],
      [jpeg, [1, 28, 28]],
      [jpeg, [3, 32, 32]],
      [jpeg, [3, 9, 13]],
    ] as [Filter, Shape][]
  ) {
    const size = shape[0] * shape[1] * shape[2];
    const images = noise(3, shape);
    const together = after(filter, images, shape);
    for (let image = 0; image < 3; image++) {
      const own = [image * size, (image + 1) * size] as const;
      assertEquals(together.slice(...own), after(filter, images.slice(...own), shape));
    }
    assertEquals(after(filter, images, shape), together);
  }
});

Deno.test("two bits leave four levels, each the highest that is not above", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const levels = after(bitDepth, all, [1, 16, 16]);
  levels.forEach((level, byte) => assertEquals(level, 64 * Math.floor(byte / 64)));
  assertEquals([...new Set(levels)], [0, 64, 128, 192]);
});

Deno.test("gray is the luma in all channels", () => {
  // Red, green, blue, white and some colour, whose lumas are known.
  const red = [255, 0, 0, 255, 10];
  const green = [0, 255, 0, 255, 200];
  const blue = [0, 0, 255, 255, 90];
  const lumas = [76, 150, 29, 255, 131];
  assertEquals(
    [...after(gray, [...red, ...green, ...blue], [3, 1, 5])],
    [...lumas, ...lumas, ...lumas],
  );
});

Deno.test("the median filter takes a lone pixel away, and keeps an edge", () => {
  const lone = new Uint8Array(25).with(12, 255);
  assertEquals([...after(median, lone, [1, 5, 5])], Array(25).fill(0));
  const edge = [0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9];
  assertEquals([...after(median, edge, [1, 3, 4])], edge);
});

Deno.test("the median filter sorts nine pixels, repeated at the edges", () => {
  const shape: Shape = [2, 4, 3];
  const image = noise(1, shape);
  const at = (channel: number, row: number, column: number) =>
    image[channel * 12 + Math.min(3, Math.max(0, row)) * 3 + Math.min(2, Math.max(0, column))]!;
  after(median, image, shape).forEach((value, i) => {
    const [channel, row, column] = [Math.floor(i / 12), Math.floor(i / 3) % 4, i % 3];
    const nine = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => at(channel, row + y, column + x)));
    assertEquals(value, nine.sort((a, b) => a - b)[4]);
  });
});

Deno.test("the Gaussian kernel has a sum of 1 and falls as a Gaussian of sigma 0.8", () => {
  assertAlmostEquals(gaussianKernel.reduce((sum, weight) => sum + weight, 0), 1, 1e-12);
  const [corner, side, , , centre] = gaussianKernel as number[];
  assertAlmostEquals(side! / centre!, Math.exp(-1 / 1.28), 1e-12);
  assertAlmostEquals(corner! / centre!, Math.exp(-2 / 1.28), 1e-12);
});

Deno.test("an impulse becomes the Gaussian kernel, and a flat image stays flat", () => {
  const impulse = after(gaussian, new Uint8Array(25).with(12, 255), [1, 5, 5]);
  impulse.forEach((value, i) => {
    const [row, column] = [Math.floor(i / 5) - 1, i % 5 - 1];
    const inside = row >= 0 && row < 3 && column >= 0 && column < 3;
    assertEquals(value, inside ? Math.round(255 * gaussianKernel[3 * row + column]!) : 0);
  });
  assertEquals([...after(gaussian, new Uint8Array(12).fill(77), [1, 3, 4])], Array(12).fill(77));
  // Mirrored: beyond the corner lies the pixel one further in.
  const corner = after(gaussian, new Uint8Array(9).with(4, 255), [1, 3, 3]);
  assertEquals(corner[0], Math.round(255 * 4 * gaussianKernel[0]!));
});

/** The luminance table of ITU-T T.81, annex K, scaled to quality 10 as libjpeg does. */
const TABLE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
].map((step) => Math.min(255, Math.floor((step * 500 + 50) / 100)));

/** What JPEG makes of one grey block: cosines, rounded to steps, and back. */
function blockAfterJpeg(block: ArrayLike<number>): number[] {
  const cosine = (u: number, x: number) =>
    (u === 0 ? Math.SQRT1_2 : 1) / 2 * Math.cos((2 * x + 1) * u * Math.PI / 16);
  const pixels = Array.from({ length: 64 }, (_, i) => i);
  const steps = pixels.map((i) => {
    const [v, u] = [Math.floor(i / 8), i % 8];
    const coefficient = pixels.reduce(
      (sum, at) => sum + (block[at]! - 128) * cosine(v, Math.floor(at / 8)) * cosine(u, at % 8),
      0,
    );
    return Math.round(coefficient / TABLE[i]!) * TABLE[i]!;
  });
  return pixels.map((at) => {
    const value = steps.reduce(
      (sum, coefficient, i) =>
        sum + coefficient * cosine(Math.floor(i / 8), Math.floor(at / 8)) * cosine(i % 8, at % 8),
      0,
    );
    return Math.min(255, Math.max(0, Math.round(value + 128)));
  });
}

Deno.test("JPEG of a grey block is what its definition says, to two levels", () => {
  for (const seed of [1, 2, 3]) {
    const random = new Random(seed);
    // A slope and a lone pixel: what a disturbed image has.
    const block = Uint8Array.from({ length: 64 }, (_, i) => 20 + 2 * i + random.integer(9))
      .with(27, 255);
    const expected = blockAfterJpeg(block);
    after(jpeg, block, [1, 8, 8]).forEach((value, i) =>
      assert(Math.abs(value - expected[i]!) <= 2, `pixel ${i}: ${value}, expected ${expected[i]}`)
    );
  }
});

Deno.test("images below each other are compressed as each one alone", () => {
  for (const shape of [[3, 32, 32], [3, 28, 28], [3, 9, 13]] as Shape[]) {
    const [channels, height, width] = shape;
    const image = noise(1, shape);
    const data = new Uint8Array(4 * height * width);
    image.forEach((value, i) => {
      const [channel, pixel] = [Math.floor(i / (height * width)), i % (height * width)];
      data[4 * pixel + channel] = value;
    });
    const alone = decode(encode({ width, height, data }, 10).data, { useTArray: true }).data;
    const expected = Uint8Array.from(image, (_, i) => {
      const [channel, pixel] = [Math.floor(i / (height * width)), i % (height * width)];
      return alone[4 * pixel + channel]!;
    });
    // More than are encoded at once.
    const many = after(jpeg, Array.from({ length: 300 }, () => [...image]).flat(), shape);
    assertEquals(many.slice(0, image.length), expected, `${channels} channels`);
    assertEquals(many.slice(-image.length), expected);
  }
});

Deno.test("JPEG keeps what is smooth, and weakens a lone pixel", () => {
  const smooth = Uint8Array.from({ length: 784 }, (_, i) => 100 + Math.floor(i / 28) + i % 28);
  const kept = after(jpeg, smooth, [1, 28, 28]);
  const off = kept.reduce((sum, value, i) => sum + Math.abs(value - smooth[i]!), 0) / kept.length;
  assert(off > 0 && off < 6, `${off} levels`);
  const lone = after(jpeg, new Uint8Array(784).with(300, 255), [1, 28, 28]);
  assert(lone[300]! < 128, `${lone[300]}`);
});
