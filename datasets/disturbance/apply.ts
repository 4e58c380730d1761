/**
 * A disturbance made ready for the loop that assembles batches, and its application to one image.
 *
 * @module
 */
import { checkPixel } from "./check.ts";
import type { Disturbance, DisturbanceMode } from "./perturbation.ts";
import type { Shape } from "../split.ts";

/** A disturbance as flat arrays, each spot of a class once. `postMessage` can carry it. */
export interface CompiledDisturbance {
  /** What happens to the pixel. */
  readonly mode: DisturbanceMode;
  /** The shape of the images that it is made for. */
  readonly shape: Shape;
  /** Class c owns entries `starts[c]` up to `starts[c + 1]`. */
  readonly starts: Int32Array;
  /** Place of each entry within an image, in C, H, W order. */
  readonly places: Int32Array;
  /** Value of each entry. */
  readonly values: Float32Array;
}

/**
 * Flatten a disturbance. Where several pixels of one class lie on one spot, `add` sums them before
 * the image is clipped, so their order does not matter; with `replace` the last one counts.
 *
 * @throws {RangeError} If a pixel lies outside the image or a value is not finite.
 * @throws {TypeError} If a pixel does not have one value per channel.
 */
export function compileDisturbance(disturbance: Disturbance): CompiledDisturbance {
  const { mode, shape, classes } = disturbance;
  const starts = [0];
  const places: number[] = [];
  const values: number[] = [];
  classes.forEach((pixels, label) => {
    const spots = new Map<number, number>();
    pixels.forEach((pixel, index) => {
      checkPixel(pixel, shape, `pixel ${index} of class ${label}`);
      pixel.value.forEach((value, channel) => {
        const place = (channel * shape[1] + pixel.row) * shape[2] + pixel.column;
        spots.set(place, mode === "add" ? (spots.get(place) ?? 0) + value : value);
      });
    });
    for (const [place, value] of spots) {
      places.push(place);
      values.push(value);
    }
    starts.push(places.length);
  });
  return {
    mode,
    shape,
    starts: Int32Array.from(starts),
    places: Int32Array.from(places),
    values: Float32Array.from(values),
  };
}

/**
 * Disturb one image in place and clip the disturbed pixels to [0, 1].
 *
 * @param images Images with values in [0, 1], C, H, W order.
 * @param offset Where the image starts.
 * @param label The image's class.
 */
export function disturbImage(
  images: Float32Array,
  offset: number,
  label: number,
  { mode, starts, places, values }: CompiledDisturbance,
): void {
  const end = starts[label + 1]!;
  for (let entry = starts[label]!; entry < end; entry++) {
    const at = offset + places[entry]!;
    const value = mode === "add" ? images[at]! + values[entry]! : values[entry]!;
    images[at] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
}
