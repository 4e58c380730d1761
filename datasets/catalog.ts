/**
 * What is known about the published sets: sizes, class names, licences, sources and checksums.
 *
 * @module
 */
import type { Shape, SplitName } from "./split.ts";

/** A set that has a name on the command line. */
export type KnownName = "mnist" | "fashion-mnist" | "svhn" | "cifar10";

/** One published set. */
export interface KnownDataset {
  /** Its name on the command line. */
  readonly name: KnownName;
  /** Its name in a report. */
  readonly title: string;
  /** Shape of an image. */
  readonly shape: Shape;
  /** A name for each label. */
  readonly classNames: readonly string[];
  /** Number of published images. */
  readonly counts: Readonly<Record<SplitName, number>>;
}

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** The four sets of the paper. */
export const KNOWN_DATASETS: Readonly<Record<KnownName, KnownDataset>> = {
  mnist: {
    name: "mnist",
    title: "MNIST",
    shape: [1, 28, 28],
    classNames: DIGITS,
    counts: { train: 60_000, test: 10_000 },
  },
  "fashion-mnist": {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    shape: [1, 28, 28],
    classNames: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    counts: { train: 60_000, test: 10_000 },
  },
  svhn: {
    name: "svhn",
    title: "SVHN (cropped)",
    shape: [3, 32, 32],
    classNames: DIGITS,
    counts: { train: 73_257, test: 26_032 },
  },
  cifar10: {
    name: "cifar10",
    title: "CIFAR-10",
    shape: [3, 32, 32],
    classNames: [
      "airplane",
      "automobile",
      "bird",
      "cat",
      "deer",
      "dog",
      "frog",
      "horse",
      "ship",
      "truck",
    ],
    counts: { train: 50_000, test: 10_000 },
  },
};

/** Whether a name is that of a published set. */
export function isKnownName(name: string): name is KnownName {
  return Object.hasOwn(KNOWN_DATASETS, name);
}
