/**
 * Parts of a split, as index arrays: stratified subsets, held-out images, seeded orders. The images
 * stay where they are.
 *
 * @module
 */
import { deriveSeed, Random } from "../random.ts";
import type { Indices } from "./batch.ts";
import type { Split } from "./split.ts";

/** Positions of all images of a split, in order. */
export function allIndices(split: Split): Uint32Array {
  return Uint32Array.from({ length: split.count }, (_, index) => index);
}

/** A seeded permutation of `indices`, as a new array. */
export function shuffled<T extends Indices>(indices: T, seed: number): T {
  return new Random(seed).shuffle(indices.slice() as T);
}

/**
 * Choose `size` images at random with the classes in the proportions of the whole split, to within
 * one image.
 *
 * @returns Positions in rising order.
 * @throws {RangeError} If `size` is not an integer from 1 to the number of images.
 */
export function stratifiedSubset(split: Split, size: number, seed: number): Uint32Array {
  return divide(split, allIndices(split), size, seed)[0];
}

/** Two disjoint sets of images. */
export interface HeldOut {
  /** What is left to train on, in rising order. */
  readonly fit: Uint32Array;
  /** What was put aside, in rising order. */
  readonly heldOut: Uint32Array;
}

/**
 * Put `size` of the images at `indices` aside, class by class in their proportions.
 *
 * @throws {RangeError} If `size` is not an integer from 1 to one less than the number of indices.
 */
export function holdOut(split: Split, indices: Indices, size: number, seed: number): HeldOut {
  if (size >= indices.length) {
    throw new RangeError(
      `Cannot hold images out: expected fewer than ${indices.length}, received ${size}`,
    );
  }
  const [heldOut, fit] = divide(split, indices, size, seed);
  return { fit, heldOut };
}

/** `size` of the indices, and the others. */
function divide(
  split: Split,
  indices: Indices,
  size: number,
  seed: number,
): [chosen: Uint32Array, others: Uint32Array] {
  if (!Number.isInteger(size) || size < 1 || size > indices.length) {
    throw new RangeError(
      `Cannot choose images: expected 1 to ${indices.length} of them, received ${size}`,
    );
  }
  const byClass = split.classNames.map(() => [] as number[]);
  for (const index of indices) byClass[split.labels[index]!]!.push(index);
  const quotas = proportionalQuotas(byClass.map((members) => members.length), size);
  byClass.forEach((members, label) => new Random(deriveSeed(seed, label)).shuffle(members));
  return [
    Uint32Array.from(byClass.flatMap((members, label) => members.slice(0, quotas[label]))).sort(),
    Uint32Array.from(byClass.flatMap((members, label) => members.slice(quotas[label]))).sort(),
  ];
}

/** Whole numbers that sum to `size`, in proportion to `counts`: the largest remainders round up. */
function proportionalQuotas(counts: readonly number[], size: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * size) / total);
  const quotas = exact.map(Math.floor);
  const missing = size - quotas.reduce((sum, quota) => sum + quota, 0);
  exact
    .map((share, label) => ({ label, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.label - b.label)
    .slice(0, missing)
    .forEach(({ label }) => quotas[label]! += 1);
  return quotas;
}
