/**
 * From the files of a published set to the cache. A file is known by the checksum of its content, so
 * its name does not matter, and nothing but the published images gets in.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { cacheDirectory, type CacheEntry, type Manifest, storeSplit } from "./cache.ts";
import type { KnownDataset, PublishedContent } from "./known_dataset.ts";
import { type Content, readContents } from "./contents.ts";
import { readCifarRecords, writeCifarRecords } from "../formats/cifar.ts";
import type { Decoded } from "../formats/decoded.ts";
import { readIdx } from "../formats/idx.ts";
import { isMat, readSvhnMat } from "../formats/mat.ts";
import { isPickle, readCifarPickle } from "../formats/pickle.ts";
import type { SplitName } from "../split.ts";

/** What an import put into the cache. */
export interface Imported {
  /** Which half. */
  readonly split: SplitName;
  /** What is now in the cache. */
  readonly manifest: Manifest;
}

/** Room for names and padding in archives. */
const ARCHIVE_SLACK = 16 << 20;

/**
 * Import files that the user has, in any format in which the set is published, packed or not.
 *
 * A part of SVHN in CIFAR-10's binary layout is taken too, when its name says `train` or `test`; it
 * is stored, and reported, as a subset.
 *
 * @param paths Together they must hold at least one whole half.
 * @throws {SyntaxError} If a file is damaged or not one of the set's.
 * @throws {RangeError} If a file unpacks to more than the set holds, a half is not whole, or there
 *   is more than a part of it.
 */
export async function importFiles(
  known: KnownDataset,
  paths: readonly string[],
  directory?: string,
): Promise<Imported[]> {
  const contents: Content[] = [];
  for (const path of paths) {
    const inside = await readContents(path, unpackedLimit(known));
    const wanted = inside.length === 1 ? inside : inside.filter((one) => isNamed(known, one.name));
    if (wanted.length === 0) {
      throw new SyntaxError(
        `Cannot import ${path}: expected it to hold ${
          names(known.contents)
        }, received none of them`,
      );
    }
    contents.push(...wanted);
  }
  return await importContents(known, contents, "official files", directory);
}

/**
 * Import contents that are in memory.
 *
 * @param origin Where they came from, for reports.
 */
export async function importContents(
  known: KnownDataset,
  contents: readonly Content[],
  origin: string,
  directory?: string,
): Promise<Imported[]> {
  const found = new Map<PublishedContent, Decoded>();
  const subsets = new Map<SplitName, CacheEntry>();
  for (const { name, bytes } of contents) {
    const canonical = isPickle(bytes) ? writeCifarRecords(readCifarPickle(bytes, name)) : bytes;
    const sha256 = createHash("sha256").update(canonical).digest("hex");
    const published = known.contents.find((content) => content.sha256 === sha256);
    const decoded = await decode(known, canonical, name);
    if (published) {
      found.set(published, decoded);
    } else if (known.format === "svhn-mat" && !isMat(bytes)) {
      const subset = decoded as Required<Decoded>;
      const split = subsetSplit(name);
      if (subsets.has(split)) throw tooMany(known, split);
      subsets.set(split, {
        images: [subset.images],
        labels: [subset.labels],
        origin: `from ${name} (SHA-256 ${sha256})`,
      });
    } else {
      throw new SyntaxError(
        `Cannot import ${name}: it can be read but is no file of ${known.title}: expected the ` +
          `content of ${names(known.contents)}, received one with SHA-256 ${sha256}`,
      );
    }
  }
  const whole = wholeSplits(known, found, origin);
  for (const [split] of whole) if (subsets.has(split)) throw tooMany(known, split);
  const entries = new Map([...whole, ...subsets]);
  const imported: Imported[] = [];
  for (const [split, entry] of entries) {
    const manifest = await storeSplit(known, split, cacheDirectory(directory), entry);
    imported.push({ split, manifest });
  }
  return imported;
}

/** More than the largest archive of a set unpacks to. */
function unpackedLimit({ shape: [channels, height, width], counts }: KnownDataset): number {
  return (counts.train + counts.test) * (channels * height * width + 1) + ARCHIVE_SLACK;
}

/** Archives also hold notes: only files named like the published ones count. */
function isNamed(known: KnownDataset, name: string): boolean {
  const stem = (text: string) => text.replace(/\.(bin|mat)$/, "");
  return known.contents.some((content) => stem(content.name) === stem(name));
}

function names(contents: readonly PublishedContent[]): string {
  return contents.map((content) => content.name).join(", ");
}

function decode(
  known: KnownDataset,
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Decoded | Promise<Decoded> {
  const { format, shape, classNames: { length: classes } } = known;
  switch (format) {
    case "idx":
      return readIdx(bytes, shape, classes, name);
    case "cifar":
      return readCifarRecords(bytes, shape, classes, name);
    case "svhn-mat":
      return isMat(bytes)
        ? readSvhnMat(bytes, shape, unpackedLimit(known), name)
        : readCifarRecords(bytes, shape, classes, name);
    default:
      return format satisfies never;
  }
}

function subsetSplit(name: string): SplitName {
  const said = (["train", "test"] as const).filter((split) => name.includes(split));
  if (said.length === 1) return said[0]!;
  throw new SyntaxError(
    `Cannot import ${name}: expected a name that says either train or test, for a part of a set`,
  );
}

function tooMany({ title }: KnownDataset, split: SplitName): RangeError {
  return new RangeError(
    `Cannot import ${title}: expected one file of ${split} images if it is a part, received more`,
  );
}

/** The halves of which every file was found. A half with a gap is an error. */
function wholeSplits(
  known: KnownDataset,
  found: ReadonlyMap<PublishedContent, Decoded>,
  origin: string,
): [SplitName, CacheEntry][] {
  return (["train", "test"] as const).flatMap((split) => {
    const expected = known.contents.filter((content) => content.split === split);
    const missing = expected.filter((content) => !found.has(content));
    if (missing.length === expected.length) return [];
    if (missing.length > 0) {
      throw new RangeError(
        `Cannot import the ${split} images of ${known.title}: expected also ${names(missing)}`,
      );
    }
    const parts = expected.map((content) => found.get(content)!);
    return [[split, {
      images: parts.flatMap(({ images }) => images ?? []),
      labels: parts.flatMap(({ labels }) => labels ?? []),
      origin,
    }]];
  });
}
