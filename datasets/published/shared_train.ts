/**
 * The training images of a published set as one host gives them to another: all labels, and then all
 * images.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Split } from "../split.ts";
import { cacheDirectory, storeSplit } from "./cache.ts";
import { download, type DownloadOptions } from "./download.ts";
import type { KnownDataset } from "./known_dataset.ts";

/** What is given. */
export interface SharedTrain {
  /** Its length. */
  readonly bytes: number;
  /** Its SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/** The length and the checksum of what is given. */
export function sharedTrain({ labels, images }: Split<"train">): SharedTrain {
  const sha256 = createHash("sha256").update(labels).update(images).digest("hex");
  return { bytes: labels.length + images.length, sha256 };
}

/** A part of what is given: its bytes from `start` to before `end`, copied. */
export function sharedBytesOf(
  { labels, images }: Split<"train">,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  const fromLabels = labels.subarray(start, end);
  bytes.set(fromLabels);
  const rest = [start + fromLabels.length, end].map((at) => at - labels.length);
  bytes.set(images.subarray(...rest as [number, number]), fromLabels.length);
  return bytes;
}

/**
 * Takes what is given, and puts it where {@linkcode fetchDataset} puts the training images.
 *
 * @param server Base of its address, ending in a slash.
 * @throws {RangeError} If it cannot be images of this set.
 * @throws {Error} If it does not arrive whole. What arrived is kept and used by the next attempt.
 */
export async function takeSharedTrain(
  known: KnownDataset,
  { bytes, sha256 }: SharedTrain,
  server: string,
  options: DownloadOptions & { readonly directory?: string } = {},
): Promise<void> {
  const [channels, height, width] = known.shape;
  const count = bytes / (1 + channels * height * width);
  if (!Number.isInteger(count) || count < 1 || count > known.counts.train) {
    throw new RangeError(
      `Cannot take the training images of ${known.name}: ${bytes} bytes are not those of 1 to ` +
        `${known.counts.train} images`,
    );
  }
  const directory = cacheDirectory(options.directory);
  const folder = `${directory}/${known.name}/taken`;
  const file = { name: `train-${sha256.slice(0, 16)}`, bytes, sha256 };
  const content = await Deno.readFile(await download(file, folder, [server], options));
  await storeSplit(known, "train", directory, {
    labels: [content.subarray(0, count)],
    images: [content.subarray(count)],
    origin: server,
  });
  await Deno.remove(folder, { recursive: true });
}
