/**
 * The disturbance that the search evolves: a few pixels for each class, the same for every training
 * image of that class, x_p = x + eta_y (Chaudhury and Yamasaki, arXiv 2003.06646, section 3).
 *
 * A genome is a vector in [0, 1]^n with n = classes * pixels * (2 + channels): for each class and
 * pixel a row, a column and one value per channel.
 *
 * @module
 */
import type { Shape } from "../split.ts";

/** `add` is the paper's x + eta; `replace` writes the value over the pixel. Both clip to [0, 1]. */
export type DisturbanceMode = "add" | "replace";

/** One disturbed pixel; the image's values are in [0, 1]. */
export interface DisturbedPixel {
  /** Row, from 0 at the top. */
  readonly row: number;
  /** Column, from 0 at the left. */
  readonly column: number;
  /** One value per channel. */
  readonly value: readonly number[];
}

/** A disturbance as plain JSON. Pixels of one class may lie on one spot. */
export interface Disturbance {
  /** What happens to the pixel. */
  readonly mode: DisturbanceMode;
  /** The shape of the images that it is made for. */
  readonly shape: Shape;
  /** For each class its pixels. */
  readonly classes: readonly (readonly DisturbedPixel[])[];
}

/** What a genome describes. */
export interface GenomeSpec {
  /** Number of classes. */
  readonly classes: number;
  /** Pixels per class, N_p in the paper. */
  readonly pixels: number;
  /** Shape of an image. */
  readonly shape: Shape;
  /** What happens to the pixel. Default: `"add"`. */
  readonly mode?: DisturbanceMode;
  /** The values that coordinates 0 and 1 stand for. Default: `[-1, 1]`. */
  readonly valueRange?: readonly [low: number, high: number];
}

/**
 * How a coordinate in [0, 1] becomes a pixel value, and where the search starts. The start is a
 * strong disturbance on purpose: with a start at "no change" every candidate scores alike.
 */
export const valueEncoding = {
  /** Start of the search for a value's coordinate. */
  initialMean: 0.9,
  /** The value of coordinate `w`. */
  decode: (w: number, [low, high]: readonly [number, number]): number => low + w * (high - low),
} as const;

/** Start of the search for rows and columns: the middle, so that sampling reaches every place. */
const POSITION_MEAN = 0.5;

const DEFAULT_RANGE: readonly [number, number] = [-1, 1];

/**
 * Number of coordinates of a genome.
 *
 * @throws {RangeError} If a count or the range of the specification is out of range.
 */
export function genomeLength(spec: GenomeSpec): number {
  const counts = { classes: spec.classes, pixels: spec.pixels };
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(
        `Cannot describe a genome: ${name} must be a positive integer, received ${count}`,
      );
    }
  }
  const [low, high] = spec.valueRange ?? DEFAULT_RANGE;
  if (!(low < high) || !Number.isFinite(high - low)) {
    throw new RangeError(
      `Cannot describe a genome: valueRange must be [low, high] with low < high, ` +
        `received [${low}, ${high}]`,
    );
  }
  return spec.classes * spec.pixels * (2 + spec.shape[0]);
}

/** Where the search starts, for each coordinate of a genome. */
export function initialMean(spec: GenomeSpec): Float64Array {
  const perPixel = 2 + spec.shape[0];
  return new Float64Array(genomeLength(spec)).map((_, i) =>
    i % perPixel < 2 ? POSITION_MEAN : valueEncoding.initialMean
  );
}

/**
 * The disturbance that a genome stands for.
 *
 * @param genome Coordinates in [0, 1], class by class, pixel by pixel: row, column, values.
 * @throws {TypeError} If the genome's length is not `genomeLength(spec)`.
 * @throws {RangeError} If a coordinate is not in [0, 1].
 */
export function decode(genome: ArrayLike<number>, spec: GenomeSpec): Disturbance {
  const length = genomeLength(spec);
  if (genome.length !== length) {
    throw new TypeError(
      `Cannot decode a genome: expected ${length} coordinates, received ${genome.length}`,
    );
  }
  for (let i = 0; i < length; i++) {
    if (!(genome[i]! >= 0 && genome[i]! <= 1)) {
      throw new RangeError(
        `Cannot decode a genome: coordinate ${i} must be in [0, 1], received ${genome[i]}`,
      );
    }
  }
  const [channels, height, width] = spec.shape;
  const range = spec.valueRange ?? DEFAULT_RANGE;
  let at = 0;
  const place = (size: number) => Math.min(Math.floor(genome[at++]! * size), size - 1);
  return {
    mode: spec.mode ?? "add",
    shape: spec.shape,
    classes: Array.from({ length: spec.classes }, () =>
      Array.from({ length: spec.pixels }, () => ({
        row: place(height),
        column: place(width),
        value: Array.from(
          { length: channels },
          () => valueEncoding.decode(genome[at++]!, range),
        ),
      }))),
  };
}
