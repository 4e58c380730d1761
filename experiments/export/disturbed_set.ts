/**
 * A data set whose training images are disturbed and whose test images are clean, as bytes.
 *
 * @module
 */
import {
  type CompiledDisturbance,
  eightBitImages,
  type Split,
  type SplitName,
} from "../../datasets/mod.ts";

/** Images at a time: a few megabytes. */
const IMAGES_AT_A_TIME = 500;

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
 * @param onImages Is told how many are done since it was told last.
 */
export function* imagesOf(
  set: DisturbedSet,
  half: SplitName,
  onImages: (count: number) => void,
): Generator<Images> {
  const split: Split = set[half];
  const disturbance = half === "train" ? set.disturbance : undefined;
  for (let start = 0; start < split.count; start += IMAGES_AT_A_TIME) {
    const count = Math.min(IMAGES_AT_A_TIME, split.count - start);
    yield { start, count, bytes: eightBitImages({ split, start, count, disturbance }) };
    onImages(count);
  }
}
