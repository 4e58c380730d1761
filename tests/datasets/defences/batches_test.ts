import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Augmentation, Shape } from "../../../datasets/mod.ts";
import { cutmix } from "../../../datasets/defences/cutmix.ts";
import { cutout } from "../../../datasets/defences/cutout.ts";
import { mixup } from "../../../datasets/defences/mixup.ts";
import { standard } from "../../../datasets/defences/standard.ts";
import { Random } from "../../../random.ts";

const NONE: Augmentation = { pad: 0, flip: false };

/** The black pixels of an image that was white: rows and columns from the first to after the last. */
function hole(image: ArrayLike<number>, width: number): number[] {
  const black = Array.from(image).flatMap((value, i) => value === 0 ? [i] : []);
  const rows = black.map((i) => Math.floor(i / width));
  const columns = black.map((i) => i % width);
  const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1];
  const [first, last] = [Math.min(...columns), Math.max(...columns) + 1];
  assertEquals(black.length, (bottom - top) * (last - first), "it is a rectangle, and whole");
  return [top, bottom, first, last];
}

Deno.test("cutout takes a square of half the side, cut off at the edges, anywhere", () => {
  for (const [side, half] of [[32, 8], [28, 7]] as const) {
    const shape: Shape = [2, side, side];
    const count = 2000;
    const images = new Float32Array(count * 2 * side * side).fill(1);
    cutout.change(images, shape, new Random(4), NONE);
    const centres = new Set<string>();
    for (let image = 0; image < count; image++) {
      const plane = (channel: number) =>
        images.subarray(
          (2 * image + channel) * side * side,
          (2 * image + channel + 1) * side * side,
        );
      const [top, bottom, first, last] = hole(plane(0), side) as [number, number, number, number];
      assertEquals(hole(plane(1), side), [top, bottom, first, last], "all channels alike");
      const span = (from: number, to: number) =>
        from === 0 || to === side || to - from === 2 * half;
      assert(span(top, bottom) && span(first, last) && bottom - top <= 2 * half);
      centres.add(
        `${bottom < side ? bottom - half : top + half} ${last < side ? last - half : first + half}`,
      );
    }
    assert(centres.size > 500, "the centre may be any pixel");
  }
});

Deno.test("cutmix takes a rectangle of another image, and its share of the class", () => {
  const shape: Shape = [2, 8, 6];
  const [count, plane] = [5, 48];
  let whole = 0;
  for (let seed = 0; seed < 200; seed++) {
    // Each image has a value and a class of its own.
    const images = Float32Array.from(
      { length: count * 2 * plane },
      (_, i) => Math.floor(i / (2 * plane)) + 1,
    );
    const shares = new Float32Array(count * count);
    for (let image = 0; image < count; image++) shares[image * count + image] = 1;
    cutmix.mix(images, shares, shape, new Random(seed));
    for (let image = 0; image < count; image++) {
      const own = images.subarray(image * 2 * plane, image * 2 * plane + plane);
      const row = shares.subarray(image * count, (image + 1) * count);
      for (let other = 0; other < count; other++) {
        const area = own.filter((value) => value === other + 1).length;
        assertAlmostEquals(row[other]!, area / plane, 1e-6);
      }
      const second = images.subarray((image * 2 + 1) * plane, (image * 2 + 2) * plane);
      assertEquals(second, own, "all channels alike");
      if (own.some((value) => value !== image + 1)) {
        hole(own.map((value) => value === image + 1 ? 1 : 0), 6);
        whole++;
      }
    }
  }
  assert(whole > 400, "most images are mixed");
});

Deno.test("mixup is the weighted mean of two images and of their classes", () => {
  const images = Float32Array.of(0.2, 0.4, 1, 0);
  const shares = Float32Array.of(1, 0, 0, 0, 0, 1);
  // A seed whose permutation exchanges the two.
  const seed = Array.from({ length: 100 }, (_, seed) => seed)
    .find((seed) => new Random(seed).shuffle([0, 1])[0] === 1)!;
  const random = new Random(seed);
  random.shuffle([0, 1]);
  const own = random.uniform();
  assert(own > 0.01 && own < 0.99);
  mixup.mix(images, shares, [1, 1, 2], new Random(seed));
  const expected = [0.2, 0.4, 1, 0].map((value, i, all) =>
    own * value + (1 - own) * all[(i + 2) % 4]!
  );
  expected.forEach((value, i) => assertAlmostEquals(images[i]!, value, 1e-6));
  [own, 0, 1 - own, 1 - own, 0, own].forEach((share, i) =>
    assertAlmostEquals(shares[i]!, share, 1e-6)
  );
});

Deno.test("what is mixed twice with one seed is the same, and with another one is not", () => {
  for (const { mix } of [cutmix, mixup]) {
    const mixed = (seed: number) => {
      const images = Float32Array.from({ length: 4 * 64 }, (_, i) => i / 256);
      mix(images, new Float32Array(16), [1, 8, 8], new Random(seed));
      return images;
    };
    assertEquals(mixed(5), mixed(5));
    assert(mixed(5).some((value, i) => value !== mixed(6)[i]));
  }
});

Deno.test("the standard augmentation shifts and flips by that of the set", () => {
  const image = Float32Array.from({ length: 36 }, (_, i) => i + 1);
  const flipped = Float32Array.from(image, (_, i) => image[i - i % 6 + 5 - i % 6]!);
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const changed = image.slice();
    standard.change(changed, [1, 6, 6], new Random(seed), { pad: 0, flip: true });
    seen.add(`${changed}`);
  }
  assertEquals(seen, new Set([`${image}`, `${flipped}`]));
});
