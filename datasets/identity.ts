/**
 * Which images these are, wherever they lie: what is computed from them is never mixed with what
 * came of others.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Split } from "./split.ts";

/**
 * SHA-256 of all that a network sees of a half: class names, number and shape of the images, labels,
 * bytes. Not of where they lie, and of a name not in which of two ways its accents are written.
 *
 * @returns 64 hexadecimal digits.
 */
export function imagesSha256(
  { classNames, shape, count, labels, images }: Split,
): string {
  const names = classNames.map((name) => name.normalize("NFC"));
  return createHash("sha256")
    .update(JSON.stringify({ classNames: names, shape, count }))
    .update(labels)
    .update(images)
    .digest("hex");
}

/** Images by name, for whoever loads them again and must get the same ones. */
export interface SameImages {
  /** As for {@linkcode loadTrain}. */
  readonly dataset: string;
  /** Their {@linkcode imagesSha256}. */
  readonly sha256: string;
}

/** The name of images that are there, and which they are. */
export function sameImages(split: Split): SameImages {
  return { dataset: split.dataset, sha256: imagesSha256(split) };
}
