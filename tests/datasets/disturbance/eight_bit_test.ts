import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { eightBitError, eightBitImages } from "../../../datasets/disturbance/eight_bit.ts";
import { compileDisturbance, type Disturbance } from "../../../datasets/mod.ts";
import { smallSplit } from "../small_split.ts";

const [HEIGHT, WIDTH] = [2, 3];
/** Two classes in colour; image n has the bytes 10 n + place, in C, H, W order. */
const split = smallSplit([1, 0, 1], [3, HEIGHT, WIDTH], (image, place) => 10 * image + place, 2);

function disturbed(mode: Disturbance["mode"], value: readonly number[]) {
  return compileDisturbance({
    mode,
    shape: split.shape,
    classes: [[], [{ row: 1, column: 2, value }]],
  });
}

/** The byte of an image in N, H, W, C order. */
function at(bytes: Uint8Array, image: number, row: number, column: number, channel: number) {
  return bytes[((image * HEIGHT + row) * WIDTH + column) * 3 + channel];
}

Deno.test("clean images keep their bytes, and channels come last", () => {
  const bytes = eightBitImages({ split, start: 1, count: 2 });
  assertEquals(bytes.length, 2 * 18);
  for (let image = 0; image < 2; image++) {
    for (let place = 0; place < 18; place++) {
      const [channel, row, column] = [Math.floor(place / 6), Math.floor(place / 3) % 2, place % 3];
      assertEquals(at(bytes, image, row, column, channel), 10 * (image + 1) + place);
    }
  }
});

Deno.test("a disturbed pixel is the nearest byte, clipped, and no other one changes", () => {
  const clean = eightBitImages({ split, start: 0, count: 3 });
  for (const mode of ["add", "replace"] as const) {
    const value = [0.1234, -0.7, 1];
    const bytes = eightBitImages({
      split,
      start: 0,
      count: 3,
      disturbance: disturbed(mode, value),
    });
    for (const [image, label] of split.labels.entries()) {
      const expected = value.map((one, channel) => {
        const before = mode === "add" ? at(clean, image, 1, 2, channel)! / 255 : 0;
        return Math.round(255 * Math.min(1, Math.max(0, before + one)));
      });
      const written = [0, 1, 2].map((channel) => at(bytes, image, 1, 2, channel));
      const kept = [0, 1, 2].map((channel) => at(clean, image, 1, 2, channel));
      assertEquals(written, label === 1 ? expected : kept);
    }
    const changed = [...bytes].filter((byte, place) => byte !== clean[place]).length;
    assertEquals(changed, 2 * 3);
  }
});

Deno.test("every byte keeps its value, and every rounded sum is that of the rounded value", () => {
  const shades = smallSplit([0], [1, 1, 256], (_, place) => place, 2);
  const all = (value: number): Uint8Array => {
    const pixels = Array.from({ length: 256 }, (_, column) => ({ row: 0, column, value: [value] }));
    const disturbance = compileDisturbance({
      mode: "add",
      shape: shades.shape,
      classes: [pixels, []],
    });
    return eightBitImages({ split: shades, start: 0, count: 1, disturbance });
  };
  assertEquals([...all(0)], Array.from({ length: 256 }, (_, byte) => byte));
  for (const value of [0.3017, -0.0849, 0.9991]) {
    assertEquals(all(value), all(Math.round(255 * value) / 255));
  }
});

Deno.test("what rounding costs is said, and is at most half a step", () => {
  assertEquals(eightBitError(disturbed("add", [0.2, -0.4, 1])), 0);
  assertAlmostEquals(eightBitError(disturbed("add", [0, 0.3 / 255, -7.4 / 255])), 0.4 / 255, 1e-7);
  assert(eightBitError(disturbed("add", [0.5 / 255, 0, 0])) <= 1 / 510 + 1e-9);
  // What leaves the range whatever the pixel was is exact.
  assertEquals(eightBitError(disturbed("replace", [-0.3 / 255, 0, 1.7])), 0);
  assertEquals(eightBitError(disturbed("add", [-1.1, 1.1, 0])), 0);
});

Deno.test("images that are not there are refused", () => {
  assertThrows(() => eightBitImages({ split, start: 2, count: 2 }), RangeError, "index below 3");
});
