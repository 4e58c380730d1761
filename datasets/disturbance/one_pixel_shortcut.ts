/**
 * One-Pixel Shortcut: the disturbance of a competitor that needs no search.
 *
 * @module
 */
import { imageSize } from "../batch.ts";
import { classCounts, type Shape, type Split } from "../split.ts";
import type { Disturbance, DisturbedPixel } from "./perturbation.ts";

/**
 * One-Pixel Shortcut (Wu et al., ICLR 2023, arXiv 2205.12141): in all images of a class one position
 * is set to one value, both chosen so that the images were far from it there, and all alike.
 *
 * A value has 0 or 1 in each channel. The score of a position and a value v is the mean of |v - x|
 * over the images and channels of the class, divided by its standard deviation over both: the
 * objective of the authors' code. (That of the Adversarial Robustness Toolbox is mean - variance.)
 * Class after class takes the pairs with the highest scores that no class before it has; two classes
 * may share a position if their values differ. Within a class a position is taken once.
 *
 * Where all of a class's images are as far from v, such as on a black border, the deviation is 0 and
 * the score infinite, or 0 if they are at v, so that nothing would change. Of equal scores the larger
 * mean wins, then the first position in reading order, then the value whose channels, read as binary
 * digits, are the smaller number.
 *
 * @param train The images that will be disturbed. Nothing else decides the result.
 * @param pixels Pixels of each class. Default: 1.
 * @returns A disturbance with `mode: "replace"`.
 * @throws {RangeError} If `pixels` is no positive integer, a class has no images, or there are not
 * enough pairs for all classes.
 */
export function onePixelShortcut(train: Split<"train">, pixels = 1): Disturbance {
  if (!Number.isSafeInteger(pixels) || pixels < 1) {
    throw new RangeError(`${CANNOT}: pixels must be a positive integer, received ${pixels}`);
  }
  const { shape } = train;
  const counts = classCounts(train);
  const empty = counts.indexOf(0);
  if (empty >= 0) {
    throw new RangeError(`${CANNOT}: class ${empty} of ${train.dataset} has no training images`);
  }
  const sums = sumsOf(train);
  const taken = new Set<number>();
  const classes = counts.map((count, label) => {
    // Of two infinite scores the difference is NaN, and the means decide, too.
    const best = scoredPairs(sums, label, count, shape).sort(
      (a, b) => b.score - a.score || b.mean - a.mean || a.pair - b.pair,
    );
    return takeBest(best, pixels, taken, shape, label);
  });
  return { mode: "replace", shape, classes };
}

const CANNOT = "Cannot make a one-pixel shortcut";

/** Of each class, place within an image, and channel, in this order: of bytes and of their squares. */
interface Sums {
  readonly values: Float64Array;
  readonly squares: Float64Array;
}

function sumsOf(train: Split<"train">): Sums {
  const size = imageSize(train);
  const values = new Float64Array(train.classNames.length * size);
  const squares = values.slice();
  for (let image = 0, at = 0; image < train.count; image++) {
    const end = (train.labels[image]! + 1) * size;
    for (let sum = end - size; sum < end; sum++, at++) {
      const byte = train.images[at]!;
      values[sum]! += byte;
      squares[sum]! += byte * byte;
    }
  }
  return { values, squares };
}

/** A position and a value, as one number: the bits below `2 ** channels` are the value. */
interface ScoredPair {
  readonly pair: number;
  /** Mean of the deviations |v - x|, in 255ths. */
  readonly mean: number;
  readonly score: number;
}

function scoredPairs(
  { values, squares }: Sums,
  label: number,
  count: number,
  [channels, height, width]: Shape,
): ScoredPair[] {
  const area = height * width;
  const samples = count * channels;
  return Array.from({ length: area * 2 ** channels }, (_, pair) => {
    const place = label * channels * area + Math.floor(pair / 2 ** channels);
    let sum = 0;
    let square = 0;
    for (const [channel, bright] of bitsOf(pair, channels).entries()) {
      const at = place + channel * area;
      sum += bright ? 255 * count - values[at]! : values[at]!;
      square += bright ? 255 * 255 * count - 2 * 255 * values[at]! + squares[at]! : squares[at]!;
    }
    const mean = sum / samples;
    // The sums are whole numbers, so this is exactly 0 where all deviations are the same.
    const variance = (samples * square - sum * sum) / samples ** 2;
    return { pair, mean, score: mean === 0 ? 0 : mean / Math.sqrt(variance) };
  });
}

/** The value of a pair: for each channel 0 or 1. */
function bitsOf(pair: number, channels: number): number[] {
  return Array.from({ length: channels }, (_, channel) => pair >> (channels - 1 - channel) & 1);
}

/** Take the first pairs that are free, at as many positions, and mark them as taken. */
function takeBest(
  best: readonly ScoredPair[],
  pixels: number,
  taken: Set<number>,
  [channels, , width]: Shape,
  label: number,
): DisturbedPixel[] {
  const places = new Map<number, number>();
  for (const { pair } of best) {
    if (places.size === pixels) break;
    const place = Math.floor(pair / 2 ** channels);
    if (!taken.has(pair) && !places.has(place)) places.set(place, pair);
  }
  if (places.size < pixels) {
    throw new RangeError(
      `${CANNOT}: expected ${pixels} free positions for class ${label}, found ${places.size}`,
    );
  }
  return [...places].map(([place, pair]) => {
    taken.add(pair);
    return {
      row: Math.floor(place / width),
      column: place % width,
      value: bitsOf(pair, channels),
    };
  });
}
