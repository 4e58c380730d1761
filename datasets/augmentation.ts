/**
 * Random crops and flips of training images, as the networks' papers have them: pad with 4 zeros on
 * each side, take a random crop of the original size, flip every second image left to right
 * (He et al. 2015, section 4.2). It comes after the disturbance, so it moves the disturbed pixels.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { isKnownName, KNOWN_DATASETS } from "./published/catalog.ts";
import type { Shape } from "./split.ts";

/** What may happen to a training image. */
export interface Augmentation {
  /** Shift by up to this many pixels in each direction; what comes in is 0 (black). */
  readonly pad: number;
  /** Flip half of the images left to right. */
  readonly flip: boolean;
}

/**
 * The augmentation that a data set allows: digits are never flipped, and neither are sets whose
 * classes are not known to survive it.
 */
export function augmentationFor(dataset: string): Augmentation {
  return { pad: 4, flip: isKnownName(dataset) && KNOWN_DATASETS[dataset].flips };
}

/**
 * Write a randomly shifted and flipped copy of one image.
 *
 * @param image One image in C, H, W order.
 * @param images The batch that gets the copy.
 * @param offset Where in `images` the copy starts.
 * @param random Three draws are taken if `flip` is set, else two.
 */
export function augmentImage(
  image: Float32Array,
  shape: Shape,
  { pad, flip }: Augmentation,
  random: Random,
  images: Float32Array,
  offset: number,
): void {
  const [channels, height, width] = shape;
  const down = random.integer(2 * pad + 1) - pad;
  const right = random.integer(2 * pad + 1) - pad;
  const mirrored = flip && random.integer(2) === 1;
  images.fill(0, offset, offset + image.length);
  const firstRow = Math.max(0, down);
  const lastRow = Math.min(height, height + down);
  const firstColumn = Math.max(0, right);
  const lastColumn = Math.min(width, width + right);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = firstRow; row < lastRow; row++) {
      const from = (channel * height + row - down) * width - right;
      const to = offset + (channel * height + row) * width;
      if (mirrored) {
        const last = to + width - 1;
        for (let column = firstColumn; column < lastColumn; column++) {
          images[last - column] = image[from + column]!;
        }
      } else {
        for (let column = firstColumn; column < lastColumn; column++) {
          images[to + column] = image[from + column]!;
        }
      }
    }
  }
}
