/**
 * Defences at work: on all images before a training, and on each of its batches.
 *
 * @module
 */
import {
  allIndices,
  type Augmentation,
  augmentationFor,
  type CompiledDisturbance,
  fillBatch,
  imageSize,
  sharedBytes,
  type Split,
} from "../datasets/mod.ts";
import type { Defence, Filter } from "../datasets/defences/defence.ts";
import type { Engine, Targets } from "../models/mod.ts";
import type { Random } from "../random.ts";

/** Images of a split, and what is still to be done to them. */
export interface DisturbedImages {
  readonly split: Split<"train">;
  /** Positions of the images. */
  readonly indices: Uint32Array;
  /** `undefined`: none. */
  readonly disturbance: CompiledDisturbance | undefined;
}

/** Images that are filtered at once. */
const CHUNK = 128;

/**
 * Disturb images, round them to 8 bits, and filter them: once for all epochs.
 *
 * @param onChunk Awaited now and then; throw here to stop.
 * @returns With nothing left to be done, in the same order. Without filters: what was given.
 */
export async function filtered(
  images: DisturbedImages,
  filters: readonly Filter[],
  onChunk?: () => Promise<void>,
): Promise<DisturbedImages> {
  if (filters.length === 0) return images;
  const { split, indices, disturbance } = images;
  const size = imageSize(split);
  const result: Split<"train"> = {
    ...split,
    images: sharedBytes(indices.length * size),
    labels: sharedBytes(indices.length),
    count: indices.length,
  };
  const batch = new Float32Array(CHUNK * size);
  for (let start = 0; start < indices.length; start += CHUNK) {
    const count = Math.min(CHUNK, indices.length - start);
    const labels = result.labels.subarray(start, start + count);
    fillBatch({ split, indices, start, count, disturbance, images: batch, labels });
    const bytes = filteredBytes(batch.subarray(0, count * size), filters, split);
    result.images.set(bytes, start * size);
    await onChunk?.();
  }
  return { split: result, indices: allIndices(result), disturbance: undefined };
}

function filteredBytes(
  images: Float32Array,
  filters: readonly Filter[],
  { shape }: Pick<Split, "shape">,
): Uint8Array {
  const bytes = new Uint8Array(images.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(255 * images[i]!);
  for (const { filter } of filters) filter(bytes, shape);
  return bytes;
}

/** What defends the batches of a training. */
export interface BatchDefence {
  readonly defences: readonly Defence[];
  /** Gives the slopes of each image's loss by its pixels. */
  readonly slopesOf: Engine["inputGradients"];
  readonly split: Pick<Split, "dataset" | "shape" | "classNames">;
  readonly random: Random;
}

/**
 * Apply defences to a batch, one after the other.
 *
 * @param images Changed in place.
 * @returns The labels, or what became of them.
 */
export async function defend(
  images: Float32Array,
  labels: Uint8Array,
  { defences, slopesOf, split, random }: BatchDefence,
): Promise<Targets> {
  const { shape, classNames: { length: classes } } = split;
  const augmentation: Augmentation = augmentationFor(split.dataset);
  let targets: Targets = labels;
  for (const defence of defences) {
    switch (defence.kind) {
      case "filter":
        filteredBytes(images, [defence], split).forEach((byte, i) => images[i] = byte / 255);
        break;
      case "random":
        defence.change(images, shape, random, augmentation);
        break;
      case "mixture": {
        const shares = new Float32Array(labels.length * classes);
        labels.forEach((label, image) => shares[image * classes + label] = 1);
        defence.mix(images, shares, shape, random);
        targets = shares;
        break;
      }
      case "attack": {
        const asked = targets;
        await defence.attack(images, (near) => slopesOf(near, asked), random);
        break;
      }
      default:
        defence satisfies never;
    }
  }
  return targets;
}
