import { assert, assertEquals } from "@std/assert";
import { augmentationFor, augmentImage, Random, type Shape } from "../../datasets/mod.ts";

const SHAPE: Shape = [2, 6, 5];
const SIZE = 60;
/** Every value is different and none is 0. */
const image = Float32Array.from({ length: SIZE }, (_, i) => i + 1);

/** What a crop of the padded image is, written down from its definition. */
function cropOf(down: number, right: number, mirrored: boolean): number[] {
  return Array.from({ length: SIZE }, (_, i) => {
    const [channel, row] = [Math.floor(i / 30), Math.floor(i / 5) % 6];
    const column = mirrored ? 4 - (i % 5) : i % 5;
    const [fromRow, fromColumn] = [row - down, column - right];
    const inside = fromRow >= 0 && fromRow < 6 && fromColumn >= 0 && fromColumn < 5;
    return inside ? image[channel * 30 + fromRow * 5 + fromColumn]! : 0;
  });
}

function draw(pad: number, flip: boolean, seed: number): number[] {
  const out = new Float32Array(SIZE + 2).fill(-1);
  augmentImage(image, SHAPE, { pad, flip }, new Random(seed), out, 1);
  assertEquals([out[0], out[SIZE + 1]], [-1, -1], "its neighbours in the batch stay as they are");
  return [...out.subarray(1, SIZE + 1)];
}

Deno.test("every copy is a crop of the padded image, mirrored or not, and all of them occur", () => {
  const crops = new Set<string>();
  for (const mirrored of [false, true]) {
    for (let down = -2; down <= 2; down++) {
      for (let right = -2; right <= 2; right++) crops.add(`${cropOf(down, right, mirrored)}`);
    }
  }
  const seen = new Set(Array.from({ length: 1000 }, (_, seed) => `${draw(2, true, seed)}`));
  assertEquals(seen, crops);
});

Deno.test("without padding and flips nothing changes", () => {
  assertEquals(draw(0, false, 1), [...image]);
});

Deno.test("a shift larger than the image gives black", () => {
  const seen = Array.from({ length: 200 }, (_, seed) => draw(9, false, seed));
  assert(seen.some((copy) => copy.every((value) => value === 0)));
});

Deno.test("about half of the images are flipped", () => {
  const flipped = Array.from({ length: 1000 }, (_, seed) => draw(0, true, seed)[0] === 5);
  const share = flipped.filter(Boolean).length;
  assert(share > 420 && share < 580, `expected about 500 of 1000, received ${share}`);
});

Deno.test("digits and unknown images are shifted and never flipped", () => {
  for (const name of ["mnist", "svhn", "synthetic", "/some/folder"]) {
    assertEquals(augmentationFor(name), { pad: 4, flip: false });
  }
  for (const name of ["cifar10", "fashion-mnist"]) {
    assertEquals(augmentationFor(name), { pad: 4, flip: true });
  }
});
