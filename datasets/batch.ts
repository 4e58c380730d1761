/**
 * Batches: bytes become floats in [0, 1], the sample's class is disturbed, then the image is
 * augmented. Only the batch is ever disturbed, never the whole set.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type CompiledDisturbance, disturbImage } from "./disturbance/apply.ts";
import { type Augmentation, augmentImage } from "./augmentation.ts";
import type { Split } from "./split.ts";

/** Positions of images in a split. */
export type Indices = Uint32Array | Int32Array;

/** A run of samples, and the arrays that get them. */
export interface BatchRequest {
  /** Where the images come from. */
  readonly split: Split;
  /** The order in which images are used. */
  readonly indices: Indices;
  /** The batch starts at this entry of `indices`. */
  readonly start: number;
  /** Number of images in the batch. */
  readonly count: number;
  /** Disturbs each image as its label says. Default: none. */
  readonly disturbance?: CompiledDisturbance | undefined;
  /** Shifts and flips after the disturbance; needs `random`. Default: none. */
  readonly augmentation?: Augmentation | undefined;
  /** Source of the augmentation's draws. */
  readonly random?: Random | undefined;
  /** Gets the images, N, C, H, W order, values in [0, 1]: at least `count` images long. */
  readonly images: Float32Array;
  /** Gets the labels: at least `count` long. */
  readonly labels: Uint8Array;
}

/** `UNIT[byte]` is `byte / 255`. */
const UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Assemble one batch into `images` and `labels`.
 *
 * @throws {RangeError} If samples, shapes and arrays do not fit each other.
 * @throws {TypeError} If an augmentation comes without `random`.
 */
export function fillBatch(request: BatchRequest): void {
  const { split, indices, start, count, disturbance, augmentation, random, images, labels } =
    request;
  checkRequest(request, indices.length);
  const size = imageSize(split);
  if (augmentation && !random) {
    throw new TypeError("Cannot assemble a batch: an augmentation needs `random`");
  }
  const scratch = augmentation && new Float32Array(size);
  for (let sample = 0; sample < count; sample++) {
    const index = indices[start + sample]!;
    const label = labelAt(split, index);
    const offset = sample * size;
    labels[sample] = label;
    if (scratch) {
      copyImage(split, index, size, scratch, 0);
      if (disturbance) disturbImage(scratch, 0, label, disturbance);
      augmentImage(scratch, split.shape, augmentation, random!, images, offset);
    } else {
      copyImage(split, index, size, images, offset);
      if (disturbance) disturbImage(images, offset, label, disturbance);
    }
  }
}

/** A run of the discriminator's samples. */
export interface DiscriminatorBatchRequest {
  /** Where the images come from. */
  readonly split: Split;
  /** From {@linkcode discriminatorSamples}, in any order. */
  readonly samples: Uint32Array;
  /** The batch starts at this entry of `samples`. */
  readonly start: number;
  /** Number of images in the batch. */
  readonly count: number;
  /** Disturbs each image that its sample says. */
  readonly disturbance: CompiledDisturbance;
  /** Gets the images, N, C, H, W order, values in [0, 1]: at least `count` images long. */
  readonly images: Float32Array;
  /** Gets 1 for a clean image and 0 for a disturbed one: at least `count` long. */
  readonly labels: Uint8Array;
}

/**
 * What the discriminator learns from: every image twice, clean and disturbed, alternating.
 * A sample is `2 * index + 1` for the clean image and `2 * index` for the disturbed one.
 *
 * @param indices Positions of images in a split.
 * @returns Two samples for each index; shuffle them before training.
 */
export function discriminatorSamples(indices: Indices): Uint32Array {
  const samples = new Uint32Array(2 * indices.length);
  indices.forEach((index, i) => {
    samples[2 * i] = 2 * index + 1;
    samples[2 * i + 1] = 2 * index;
  });
  return samples;
}

/**
 * Assemble one batch of clean (label 1) and disturbed (label 0) images. The class of an image picks
 * its disturbance and is not in the batch: the discriminator does not see it.
 *
 * @throws {RangeError} If samples, shapes and arrays do not fit each other.
 */
export function fillDiscriminatorBatch(request: DiscriminatorBatchRequest): void {
  const { split, samples, start, count, disturbance, images, labels } = request;
  checkRequest(request, samples.length);
  const size = imageSize(split);
  for (let sample = 0; sample < count; sample++) {
    const index = samples[start + sample]! >>> 1;
    const clean = samples[start + sample]! & 1;
    const label = labelAt(split, index);
    labels[sample] = clean;
    copyImage(split, index, size, images, sample * size);
    if (clean === 0) disturbImage(images, sample * size, label, disturbance);
  }
}

/** Number of values in one image. */
export function imageSize({ shape: [channels, height, width] }: Pick<Split, "shape">): number {
  return channels * height * width;
}

function copyImage(
  split: Split,
  index: number,
  size: number,
  out: Float32Array,
  offset: number,
): void {
  const { images } = split;
  const from = index * size;
  for (let i = 0; i < size; i++) out[offset + i] = UNIT[images[from + i]!]!;
}

function labelAt(split: Split, index: number): number {
  const label = split.labels[index];
  if (label === undefined) {
    throw new RangeError(
      `Cannot assemble a batch: expected an image index below ${split.count}, received ${index}`,
    );
  }
  return label;
}

function checkRequest(
  { split, start, count, disturbance, images, labels }:
    & Pick<BatchRequest, "split" | "start" | "count" | "images" | "labels">
    & Pick<BatchRequest, "disturbance">,
  samples: number,
): void {
  if (!(start >= 0 && count >= 1 && start + count <= samples)) {
    throw new RangeError(
      `Cannot assemble a batch: expected a run within ${samples} samples, ` +
        `received ${count} from ${start}`,
    );
  }
  const needed = count * imageSize(split);
  if (images.length < needed || labels.length < count) {
    throw new RangeError(
      `Cannot assemble a batch: expected room for ${needed} values and ${count} labels, ` +
        `received ${images.length} and ${labels.length}`,
    );
  }
  if (!disturbance) return;
  const classes = disturbance.starts.length - 1;
  if (disturbance.shape.join() !== split.shape.join() || classes < split.classNames.length) {
    throw new RangeError(
      `Cannot assemble a batch: expected a disturbance of ${split.classNames.length} classes for ` +
        `${split.shape.join(" x ")} images, received ${classes} classes for ` +
        disturbance.shape.join(" x "),
    );
  }
}
