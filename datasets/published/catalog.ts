/**
 * The published sets by name. A new set is one file like `mnist.ts` and one line here.
 *
 * @module
 */
import { cifar10 } from "./cifar10.ts";
import { fashionMnist } from "./fashion_mnist.ts";
import { mnist } from "./mnist.ts";
import { svhn } from "./svhn.ts";

/** The published sets, each under its own name. */
export const KNOWN_DATASETS = {
  mnist,
  "fashion-mnist": fashionMnist,
  svhn,
  cifar10,
} as const;

/** A set that has a name on the command line. */
export type KnownName = keyof typeof KNOWN_DATASETS;

/** Whether a name is that of a published set. */
export function isKnownName(name: string): name is KnownName {
  return Object.hasOwn(KNOWN_DATASETS, name);
}
