/**
 * Folders of PNG files, `train/CLASS/00000.png` and `test/CLASS/00000.png`, as torchvision's
 * `ImageFolder`, Keras's `image_dataset_from_directory` and `--dataset` read them. All three number the
 * classes in the order of the folders' names.
 *
 * @module
 */
import { encode } from "fast-png";
import { ConfigurationError } from "../../options.ts";
import { classCounts } from "../../datasets/mod.ts";
import { type DisturbedSet, imagesOf } from "./disturbed_set.ts";

/** Files that are written at the same time. */
const FILES_AT_A_TIME = 50;

/**
 * Write the images of both halves. The number of a file is its image's position in the half.
 *
 * @param path Of a folder that is there.
 * @param onImages Is told how many are done since it was told last.
 * @throws {ConfigurationError} If a class has no training image: without a folder, the others would be
 *   numbered anew.
 * @throws {DOMException} If the signal is aborted; what was written stays.
 */
export async function writeClassFolders(
  path: string,
  set: DisturbedSet,
  signal: AbortSignal,
  onImages: (count: number) => void,
): Promise<void> {
  const { shape: [channels, height, width], classNames } = set.train;
  const counts = classCounts(set.train);
  const missing = classNames.filter((_, label) => counts[label] === 0);
  if (missing.length > 0) {
    throw new ConfigurationError(
      `Cannot write folders of classes: without training images of ${missing.join(", ")} the ` +
        `classes would be numbered differently; choose a .npz file for --out`,
    );
  }
  const size = channels * height * width;
  const folders = folderNames(classNames);
  for (const half of ["train", "test"] as const) {
    const { labels, count } = set[half];
    const digits = Math.max(5, `${count - 1}`.length);
    for (const label of new Set(labels)) {
      await Deno.mkdir(`${path}/${half}/${folders[label]}`, { recursive: true });
    }
    for (const { start, count, bytes } of imagesOf(set, half, onImages)) {
      for (let first = 0; first < count; first += FILES_AT_A_TIME) {
        signal.throwIfAborted();
        await allDone(
          Array.from({ length: Math.min(FILES_AT_A_TIME, count - first) }, (_, i) => {
            const at = first + i;
            const data = bytes.subarray(at * size, (at + 1) * size);
            const name = `${start + at}`.padStart(digits, "0");
            return Deno.writeFile(
              `${path}/${half}/${folders[labels[start + at]!]}/${name}.png`,
              encode({ width, height, channels: channels as 1 | 3, data }),
            );
          }),
        );
      }
    }
  }
}

/** Wait for all, also where one fails: what is still being written cannot be removed. */
async function allDone(writes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(writes);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** What every file system takes as it is. */
const PLAIN = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ .+-]*[\p{L}\p{N}_+-])?$/u;

/**
 * A folder for each class: the names themselves, where these are in the order of the labels and every
 * file system takes them; otherwise the label and the name: `0-T-shirt-top`.
 */
export function folderNames(classNames: readonly string[]): string[] {
  const lower = new Set(classNames.map((name) => name.toLowerCase()));
  const areUsable = lower.size === classNames.length &&
    classNames.every((name, label) =>
      PLAIN.test(name) && (label === 0 || classNames[label - 1]! < name)
    );
  if (areUsable) return [...classNames];
  const digits = `${classNames.length - 1}`.length;
  return classNames.map((name, label) => {
    const readable = name.replace(/[^\p{L}\p{N}_ .+-]+/gu, "-").replace(/[ .]+$/, "");
    return `${`${label}`.padStart(digits, "0")}-${readable}`;
  });
}
