/**
 * Which image of a batch is mixed with which, and what becomes of their classes.
 *
 * @module
 */
import type { Random } from "../../random.ts";

/** The partner of each image: a random permutation, which may leave one to itself. */
export function partners(count: number, random: Random): Uint32Array {
  const others = Uint32Array.from({ length: count }, (_, image) => image);
  random.shuffle(others);
  return others;
}

/**
 * @param shares `[N, classes]`, changed in place.
 * @param others The partner of each image.
 * @param own What an image keeps of its own, 0 to 1.
 */
export function mixShares(shares: Float32Array, others: Uint32Array, own: number): void {
  const classes = shares.length / others.length;
  const before = shares.slice();
  others.forEach((other, image) => {
    for (let k = 0; k < classes; k++) {
      const at = image * classes + k;
      shares[at] = own * before[at]! + (1 - own) * before[other * classes + k]!;
    }
  });
}
