/**
 * Seeded images with known structure: each class is three bright spots at its own places, and a
 * sample is its class's picture, moved by up to two pixels, with its own contrast and noise.
 *
 * @module
 */
import { deriveSeed, Random } from "../random.ts";
import { SYNTHETIC_STREAMS } from "../random_streams.ts";
import {
  checkedSplit,
  type Shape,
  sharedBytes,
  sourceLine,
  type Split,
  type SplitName,
} from "./split.ts";

/** What to generate. */
export interface SyntheticOptions {
  /** Number of images. Default: 10,000 for training and 2,000 for testing. */
  readonly count?: number;
  /** Shape of an image. Default: `[1, 28, 28]`. */
  readonly shape?: Shape;
  /** Seed of the class pictures and of the samples. Default: 0. */
  readonly seed?: number;
}

const CLASSES = 10;
const SPOTS = 3;
const LARGEST_SHIFT = 2;
/** Standard deviation of the noise, of 255. */
const NOISE = 24;
const DEFAULT_COUNTS = { train: 10_000, test: 2_000 } as const;

/**
 * Generate one half of a synthetic set. Both halves of one seed share the class pictures and no
 * samples; labels take turns, so that all classes are equally frequent.
 *
 * @throws {RangeError} If a size is not a positive integer.
 */
export function syntheticSplit<Name extends SplitName>(
  name: Name,
  options: SyntheticOptions = {},
): Split<Name> {
  const { count = DEFAULT_COUNTS[name], shape = [1, 28, 28], seed = 0 } = options;
  for (const size of [count, ...shape]) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new RangeError(
        `Cannot generate images: count and shape must be positive integers, received ${size}`,
      );
    }
  }
  const pictures = Array.from(
    { length: CLASSES },
    (_, label) =>
      classPicture(shape, new Random(deriveSeed(seed, SYNTHETIC_STREAMS.picture, label))),
  );
  const random = new Random(deriveSeed(seed, SYNTHETIC_STREAMS[name]));
  const size = shape[0] * shape[1] * shape[2];
  const noise = new Float64Array(size);
  const images = sharedBytes(count * size);
  const labels = sharedBytes(count);
  for (let sample = 0; sample < count; sample++) {
    const label = sample % CLASSES;
    labels[sample] = label;
    drawSample(
      pictures[label]!,
      shape,
      random,
      noise,
      images.subarray(sample * size, (sample + 1) * size),
    );
  }
  return checkedSplit({
    dataset: "synthetic",
    split: name,
    images,
    labels,
    count,
    shape,
    classNames: Array.from({ length: CLASSES }, (_, label) => `class ${label}`),
    source: sourceLine("synthetic", name, `${shape.join(" x ")}, seed ${seed}`, count),
  });
}

/** The halves without options, by their names: each is generated once. */
const generated = new Map<SplitName, Split>();

/** What {@linkcode syntheticSplit} gives without options: the same bytes each time, in memory of their own. */
export function defaultSyntheticSplit<Name extends SplitName>(name: Name): Split<Name> {
  const split = generated.get(name) ?? syntheticSplit(name);
  generated.set(name, split);
  const images = sharedBytes(split.images.length);
  const labels = sharedBytes(split.count);
  images.set(split.images);
  labels.set(split.labels);
  return { ...split as Split<Name>, images, labels };
}

/** A class's picture: a sum of round spots, each with its own colour, values from 0. */
function classPicture([channels, height, width]: Shape, random: Random): Float32Array {
  const picture = new Float32Array(channels * height * width);
  const radius = Math.min(height, width) / 8;
  for (let spot = 0; spot < SPOTS; spot++) {
    const row = (0.2 + 0.6 * random.uniform()) * height;
    const column = (0.2 + 0.6 * random.uniform()) * width;
    for (let channel = 0; channel < channels; channel++) {
      const brightness = 100 + 120 * random.uniform();
      for (let place = 0; place < height * width; place++) {
        const down = Math.floor(place / width) - row;
        const right = (place % width) - column;
        picture[channel * height * width + place]! += brightness *
          Math.exp(-(down * down + right * right) / (2 * radius * radius));
      }
    }
  }
  return picture;
}

function drawSample(
  picture: Float32Array,
  [channels, height, width]: Shape,
  random: Random,
  noise: Float64Array,
  out: Uint8Array,
): void {
  const down = random.integer(2 * LARGEST_SHIFT + 1) - LARGEST_SHIFT;
  const right = random.integer(2 * LARGEST_SHIFT + 1) - LARGEST_SHIFT;
  const contrast = 0.6 + 0.4 * random.uniform();
  random.fillNormal(noise);
  for (let row = 0, at = 0; row < channels * height; row++) {
    const channel = Math.floor(row / height);
    const from = (channel * height + clamp((row % height) + down, height - 1)) * width;
    for (let column = 0; column < width; column++, at++) {
      const value = contrast * picture[from + clamp(column + right, width - 1)]! +
        NOISE * noise[at]!;
      out[at] = value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
    }
  }
}

function clamp(value: number, highest: number): number {
  return value < 0 ? 0 : value > highest ? highest : value;
}
