/**
 * A data set whose training images are disturbed and whose test images are clean, as bytes.
 *
 * @module
 */
import { eightBitImages } from "../../datasets/disturbance/eight_bit.ts";
import {
  type CompiledDisturbance,
  imageSize,
  type Split,
  type SplitName,
} from "../../datasets/mod.ts";

/** Values of pixels that are in memory at a time. */
const MOST_VALUES = 2 ** 20;

/** What is exported. */
export interface DisturbedSet {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** Of the training images. */
  readonly disturbance: CompiledDisturbance;
}

/** Some images of a half that follow each other. */
export interface Images {
  /** Position of the first one in its half. */
  readonly start: number;
  readonly count: number;
  /** N, H, W, C order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The images of a half, in order.
 *
 * @returns Some at a time, of whatever size they are.
 * @param onImages Is told how many are done since it was told last.
 */
export function* imagesOf(
  set: DisturbedSet,
  half: SplitName,
  onImages: (count: number) => void,
): Generator<Images> {
  const split: Split = set[half];
  const disturbance = half === "train" ? set.disturbance : undefined;
  const atATime = Math.max(1, Math.floor(MOST_VALUES / imageSize(split)));
  for (let start = 0; start < split.count; start += atATime) {
    const count = Math.min(atATime, split.count - start);
    yield { start, count, bytes: eightBitImages({ split, start, count, disturbance }) };
    onImages(count);
  }
}
