/**
 * A folder of IDX files, packed by gzip or not, as MNIST and what follows it are published:
 *
 *     train-images-idx3-ubyte   train-labels-idx1-ubyte
 *     t10k-images-idx3-ubyte    t10k-labels-idx1-ubyte
 *
 * `test` may stand for `t10k`, `.idx3` for `-idx3`, and a set's name before it all, as in
 * `emnist-letters-test-images-idx3-ubyte.gz`. Images are grey.
 *
 * The classes are the labels of the training half, in rising order, for both halves.
 *
 * @module
 */
import { readIdxFile, readIdxFileSizes } from "../formats/idx_file.ts";
import { listed } from "../remarks.ts";
import { checkedSplit, type Shape, sourceLine, type Split, type SplitName } from "../split.ts";
import type { Entry, Listing } from "./class_folders.ts";

const NAME = /^(.+[-_.])?(train|t10k|test)-(images[-.]idx3|labels[-.]idx1)-ubyte(\.gz)?$/i;
const MOST_PIXELS = 1024;

/** The files of one half. */
interface Half {
  readonly images: string;
  readonly labels: string;
}

/** What the training half says about both. */
interface Kind {
  readonly shape: Shape;
  /** The label in the files of each class. */
  readonly classes: readonly number[];
}

/** Whether a file is called like one of a set. */
export function isIdxName(name: string): boolean {
  return NAME.test(name);
}

/**
 * One half of a set of IDX files. Of the files of the other half none is opened, but for two: of the
 * training half, the labels and the size of the images must fit the test half.
 *
 * @param files Those with an {@linkcode isIdxName}.
 * @throws {RangeError} If there are files of several sets, one is missing, images and labels differ
 *   in number, or the test half has a label or a shape that the training half lacks.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function loadIdxFolder<Name extends SplitName>(
  top: Listing,
  files: readonly Entry[],
  name: Name,
): Promise<Split<Name>> {
  const { path, passedOver } = top;
  const used = withoutPackedCopies(top, files);
  checkOneSet(path, used);
  const training = filesOf(path, used, "train");
  const half = name === "train" ? training : filesOf(path, used, name);
  const { shape, classes } = await kindOf(training);
  const images = await readIdxFile(half.images, 3);
  const [, height, width] = images.sizes;
  if ([1, height, width].join() !== shape.join()) {
    throw new RangeError(
      `Cannot load ${half.images}: expected images of ${shape[1]} x ${
        shape[2]
      } like the training ` +
        `images, received ${height} x ${width}`,
    );
  }
  const { bytes: labels } = await readIdxFile(half.labels, 1);
  const count = images.sizes[0]!;
  if (labels.length !== count) {
    throw new RangeError(
      `Cannot load ${half.labels}: expected ${count} labels, one for each image in ` +
        `${half.images}, received ${labels.length}`,
    );
  }
  labelByClass(labels, classes, half.labels);
  return checkedSplit({
    dataset: path,
    split: name,
    images: images.bytes,
    labels,
    count,
    shape,
    classNames: classes.map(String),
    source: sourceLine(`folder ${path}`, name, `${classes.length} classes, IDX files`, count),
    remarks: passedOver.count > 0 ? [`Only IDX files are read; ${passedOver}`] : [],
  });
}

/** Where a file is there packed and unpacked, the unpacked one is read. */
function withoutPackedCopies({ passedOver }: Listing, files: readonly Entry[]): Entry[] {
  const names = new Set(files.map(({ name }) => name));
  const isCopy = ({ name }: Entry) => /\.gz$/i.test(name) && names.has(name.slice(0, -3));
  for (const { name } of files.filter(isCopy)) passedOver.add("beside its unpacked copy", name);
  return files.filter((file) => !isCopy(file));
}

/** @throws {RangeError} If files begin with the names of several sets. */
function checkOneSet(path: string, files: readonly Entry[]): void {
  const sets = new Map(files.map(({ name }) => [NAME.exec(name)![1] ?? "", name]));
  if (sets.size > 1) {
    throw new RangeError(
      `Cannot load ${path}: expected the IDX files of one set, received those of ${sets.size}, ` +
        `such as ${listed([...sets.values()])}; give each set a folder of its own`,
    );
  }
}

/** @throws {RangeError} If a half has not exactly one file of images and one of labels. */
function filesOf(path: string, files: readonly Entry[], split: SplitName): Half {
  const only = (kind: "images" | "labels", rank: 1 | 3): string => {
    const found = files.filter(({ name }) => {
      const [, , half, content] = NAME.exec(name)!;
      return (half!.toLowerCase() === "train") === (split === "train") &&
        content!.toLowerCase().startsWith(kind);
    });
    if (found.length === 1) return found[0]!.path;
    const set = NAME.exec(files[0]!.name)![1] ?? "";
    const usual = `${set}${split === "train" ? "train" : "t10k"}-${kind}-idx${rank}-ubyte`;
    throw new RangeError(
      `Cannot load ${path}: expected one file of ${split} ${kind} such as ${usual}, ` +
        `packed by gzip or not, received ${listed(found.map(({ name }) => name))}`,
    );
  };
  return { images: only("images", 3), labels: only("labels", 1) };
}

/** @throws {RangeError} If there are no 2 classes, or images of no size that can be used. */
async function kindOf({ images, labels }: Half): Promise<Kind> {
  const [, height, width] = await readIdxFileSizes(images, 3);
  if (![height!, width!].every((size) => size >= 1 && size <= MOST_PIXELS)) {
    throw new RangeError(
      `Cannot load ${images}: expected images of 1 x 1 to ${MOST_PIXELS} x ${MOST_PIXELS}, ` +
        `received ${height} x ${width}`,
    );
  }
  const { bytes } = await readIdxFile(labels, 1);
  const classes = [...new Set(bytes)].sort((a, b) => a - b);
  if (classes.length < 2) {
    throw new RangeError(
      `Cannot load ${labels}: expected labels of at least 2 classes, received ` +
        (classes.length === 0 ? "no label" : `only the label ${classes[0]}`),
    );
  }
  return { shape: [1, height!, width!], classes };
}

/** Put, in place of each label of a file, the position of its class. */
function labelByClass(labels: Uint8Array, classes: readonly number[], path: string): void {
  const positions = new Map(classes.map((label, position) => [label, position]));
  for (const [at, label] of labels.entries()) {
    const position = positions.get(label);
    if (position === undefined) {
      throw new RangeError(
        `Cannot load ${path}: label ${at} is ${label}, which no training image has: those have ` +
          listed(classes.map(String)),
      );
    }
    labels[at] = position;
  }
}
