/**
 * What others found for OPS, the one-pixel shortcut of Wu et al. (arXiv 2205.12141), on CIFAR-10 with
 * ResNet-18: Qin et al., APBench (arXiv 2308.03258). There every image is also shifted and flipped.
 *
 * @module
 */
import type { DefenceName } from "../../datasets/defences/defences.ts";

/** What the numbers are of. */
export const PUBLISHED_OF = "OPS, CIFAR-10, ResNet-18 (published)";

/** What a reader should know of them. */
export const PUBLISHED_NOTE =
  `"${PUBLISHED_OF}" are numbers of others, for other images, another network and another ` +
  "disturbance: Qin et al., APBench (arXiv 2308.03258), where each training also shifts and flips. Their " +
  "Gaussian filter has a sigma of 0.1 and leaves images as they are; ours has 0.8.";

/** Accuracy on clean test images in per cent. */
const table: Partial<Record<DefenceName | "none", number>> = {
  "none": 14.69,
  "cutout": 52.98,
  "cutmix": 64.72,
  "mixup": 49.27,
  "gaussian": 13.38,
  "bit-depth": 37.32,
  "gray": 19.88,
  "jpeg": 78.48,
  "adversarial": 14.95,
};

/** Accuracy on clean test images in per cent; `undefined` where nothing is published. */
export function published(defence: DefenceName | "none"): number | undefined {
  return table[defence];
}
