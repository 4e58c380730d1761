/**
 * Disturbed images as files hold them: 8 bits for each value. Clean images have them already; what is
 * added to a pixel is rounded to the nearest 255th.
 *
 * @module
 */
import { fillBatch, imageSize } from "../batch.ts";
import type { Split } from "../split.ts";
import type { CompiledDisturbance } from "./apply.ts";

/** Images that follow each other in a split. */
export interface EightBitRequest {
  /** Where the images come from. */
  readonly split: Split;
  /** Position of the first one. */
  readonly start: number;
  /** How many. */
  readonly count: number;
  /** Disturbs each image as its label says. Default: none. */
  readonly disturbance?: CompiledDisturbance | undefined;
}

/**
 * The bytes of images, clean or disturbed.
 *
 * @returns N, H, W, C order, as PNG files and Python's libraries have them, 0 to 255.
 * @throws {RangeError} If there are no such images, or the disturbance is for others.
 */
export function eightBitImages(
  { split, start, count, disturbance }: EightBitRequest,
): Uint8Array<ArrayBuffer> {
  const size = imageSize(split);
  const [channels] = split.shape;
  const area = size / channels;
  const values = new Float32Array(count * size);
  fillBatch({
    split,
    indices: Uint32Array.from({ length: count }, (_, image) => start + image),
    start: 0,
    count,
    disturbance,
    images: values,
    labels: new Uint8Array(count),
  });
  const bytes = new Uint8Array(count * size);
  for (let at = 0, image = 0; image < count; image++) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        bytes[at++] = Math.round(255 * values[image * size + channel * area + pixel]!);
      }
    }
  }
  return bytes;
}

/**
 * How far a disturbed pixel can be from its 8-bit copy, as a share of the range of pixels: at most
 * 1/510. Clean pixels, and those that are clipped to 0 or 1, are exact.
 */
export function eightBitError({ mode, values }: CompiledDisturbance): number {
  const least = mode === "add" ? -1 : 0; // what lies beyond is always clipped
  return values.reduce((most, value) => {
    const written = Math.min(1, Math.max(least, value));
    return Math.max(most, Math.abs(written - Math.fround(Math.round(255 * written) / 255)));
  }, 0);
}
