/**
 * The folder of imported sets. Each half is one folder, `NAME/train` or `NAME/test`, that gets its
 * name only when all its files are written and checked:
 *
 *     images.idx     all images, N x C x H x W
 *     labels.idx     N labels
 *     manifest.json  number of images, checksums of both files, where they came from
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { KnownDataset } from "./known_dataset.ts";
import { writeIdxHead } from "../formats/idx.ts";
import { readIdxFile } from "../formats/idx_file.ts";
import { checkedSplit, sourceLine, type Split, type SplitName } from "../split.ts";

/** What a cached half says about itself. */
export interface Manifest {
  /** Number of images. */
  readonly count: number;
  /** SHA-256 of `images.idx`, in hexadecimal. */
  readonly images: string;
  /** SHA-256 of `labels.idx`, in hexadecimal. */
  readonly labels: string;
  /** Where the images came from, for reports. */
  readonly origin: string;
}

/** Images and labels that go into the cache, in pieces that follow each other. */
export interface CacheEntry {
  /** Pieces of images in N, C, H, W order. */
  readonly images: readonly Uint8Array[];
  /** Pieces of labels. */
  readonly labels: readonly Uint8Array[];
  /** Where they came from, for reports. */
  readonly origin: string;
}

/**
 * The folder of imported sets: `directory`, else the variable `MDDES_DATA`, else `mddes` in the
 * platform's cache folder.
 *
 * @throws {Error} If none of them is known.
 */
export function cacheDirectory(directory?: string): string {
  if (directory) return directory;
  for (const [variable, within] of PLACES) {
    const value = Deno.env.get(variable);
    if (value) return `${value}${within}`;
  }
  throw new Error(
    "Cannot find a folder for data sets: expected MDDES_DATA or the home folder's variable to " +
      "be set, received neither",
  );
}

/** Variables, the first of which that is set says where the folder is, and what follows its value. */
const PLACES: readonly (readonly [variable: string, within: string])[] = [
  ["MDDES_DATA", ""],
  ...Deno.build.os === "windows"
    ? [["LOCALAPPDATA", "/mddes"]] as const
    : Deno.build.os === "darwin"
    ? [["HOME", "/Library/Caches/mddes"]] as const
    : [["XDG_CACHE_HOME", "/mddes"], ["HOME", "/.cache/mddes"]] as const,
];

/** What {@linkcode cacheDirectory} reads, in this order, up to the first that is set. */
export const cacheVariables: readonly string[] = PLACES.map(([variable]) => variable);

/**
 * What is cached of one half, or nothing.
 *
 * @throws {SyntaxError} If the manifest is damaged.
 */
export async function readManifest(
  { name }: KnownDataset,
  split: SplitName,
  directory: string,
): Promise<Manifest | undefined> {
  const path = `${directory}/${name}/${split}/manifest.json`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  let manifest: Manifest | undefined;
  try {
    manifest = JSON.parse(text);
  } catch { /* the check below tells */ }
  const { count, images, labels, origin } = manifest ?? {};
  const isText = (value: unknown) => typeof value === "string";
  if (!Number.isSafeInteger(count) || ![images, labels, origin].every(isText)) {
    throw new SyntaxError(
      `Cannot use ${path}: it is damaged; delete its folder and fetch or import ${name} again`,
    );
  }
  return manifest;
}

/**
 * One half of a set from the cache; the other half's files stay closed.
 *
 * @returns Nothing if it is not there.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function loadCached<Name extends SplitName>(
  known: KnownDataset,
  split: Name,
  directory: string,
): Promise<Split<Name> | undefined> {
  const manifest = await readManifest(known, split, directory);
  if (!manifest) return undefined;
  const folder = `${directory}/${known.name}/${split}`;
  const images = await readIdxFile(`${folder}/images.idx`, 4, manifest.images);
  const labels = await readIdxFile(`${folder}/labels.idx`, 1, manifest.labels);
  const { title, shape, classNames } = known;
  const { count, origin } = manifest;
  if (images.sizes.join() !== [count, ...shape].join()) {
    throw new SyntaxError(
      `Cannot use ${folder}: expected images of ${[count, ...shape].join(" x ")}, ` +
        `received ${images.sizes.join(" x ")}`,
    );
  }
  return checkedSplit({
    dataset: known.name,
    split,
    images: images.bytes,
    labels: labels.bytes,
    count,
    shape,
    classNames,
    source: sourceLine(title, split, origin, count, known.counts[split]),
  });
}

/**
 * Put one half of a set into the cache, in place of what was there.
 *
 * @throws {Error} If it cannot be written; then nothing of it stays behind.
 */
export async function storeSplit(
  { name, shape }: KnownDataset,
  split: SplitName,
  directory: string,
  { images, labels, origin }: CacheEntry,
): Promise<Manifest> {
  const folder = `${directory}/${name}/${split}`;
  const unfinished = `${folder}-${crypto.randomUUID()}.unfinished`;
  const count = labels.reduce((sum, piece) => sum + piece.length, 0);
  try {
    await Deno.mkdir(unfinished, { recursive: true });
    const manifest: Manifest = {
      count,
      images: await writeHashed(`${unfinished}/images.idx`, [
        writeIdxHead([count, ...shape]),
        ...images,
      ]),
      labels: await writeHashed(`${unfinished}/labels.idx`, [writeIdxHead([count]), ...labels]),
      origin,
    };
    await writeHashed(`${unfinished}/manifest.json`, [
      new TextEncoder().encode(JSON.stringify(manifest, null, 2) + "\n"),
    ]);
    await removeFolder(folder);
    await Deno.rename(unfinished, folder);
    return manifest;
  } catch (error) {
    await removeFolder(unfinished);
    throw new Error(`Cannot store ${name} in ${directory}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Write a file to the disk itself and return its SHA-256. */
async function writeHashed(path: string, pieces: readonly Uint8Array[]): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of pieces) {
    hash.update(piece);
    for (let at = 0; at < piece.length;) at += await file.write(piece.subarray(at));
  }
  await file.sync();
  return hash.digest("hex");
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    const absent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!absent) throw error;
  }
}
