/**
 * What every data set becomes: one split, with all its images in shared memory.
 *
 * @module
 */

/** Which half of a data set: the search may only see `"train"`. */
export type SplitName = "train" | "test";

/** Channels, height and width of one image. */
export type Shape = readonly [channels: number, height: number, width: number];

/**
 * The images and labels of one half of a data set. A plain object over shared memory: `postMessage`
 * hands it to a worker without copying the images.
 *
 * A function of the search takes a `Split<"train">`, so that test images cannot be passed to it.
 */
export interface Split<Name extends SplitName = SplitName> {
  /** The data set's name, such as `"mnist"`, or the absolute path of a folder of images. */
  readonly dataset: string;
  /** Which half this is. */
  readonly split: Name;
  /** `count` images in N, C, H, W order, 0 to 255. */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** `count` labels, each below `classNames.length`. */
  readonly labels: Uint8Array<SharedArrayBuffer>;
  /** Number of images. */
  readonly count: number;
  /** Shape of one image. */
  readonly shape: Shape;
  /** A name for each label. */
  readonly classNames: readonly string[];
  /** What a report says about the data: set, number of images, where they came from. */
  readonly source: string;
  /** What a person should know of them, in lines: files that are not in it, classes without images. */
  readonly remarks?: readonly string[];
}

/** Bytes that workers share. */
export function sharedBytes(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/**
 * Check that images, labels and names fit each other.
 *
 * @returns The same object.
 * @throws {RangeError} If lengths do not fit, there is no image, or a label has no name.
 */
export function checkedSplit<Name extends SplitName>(split: Split<Name>): Split<Name> {
  const [channels, height, width] = split.shape;
  const what = `Cannot use the ${split.split} images of ${split.dataset}`;
  if (split.count < 1) throw new RangeError(`${what}: expected at least 1 image, received 0`);
  const bytes = split.count * channels * height * width;
  if (split.images.length !== bytes) {
    throw new RangeError(
      `${what}: expected ${bytes} bytes for ${split.count} images of ${split.shape.join(" x ")}, ` +
        `received ${split.images.length}`,
    );
  }
  if (split.labels.length !== split.count) {
    throw new RangeError(
      `${what}: expected ${split.count} labels, received ${split.labels.length}`,
    );
  }
  const classes = split.classNames.length;
  const wrong = split.labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new RangeError(
      `${what}: label ${wrong} must be below ${classes}, received ${split.labels[wrong]}`,
    );
  }
  return split;
}

/**
 * Check that two halves are of one data set: a label means the same in both, and a network for the
 * images of one takes those of the other.
 *
 * @throws {RangeError} If their shapes or the names of their classes differ.
 */
export function checkHalves(train: Split<"train">, test: Split<"test">): void {
  const what = `Cannot test on ${test.dataset}`;
  if (train.shape.join() !== test.shape.join()) {
    throw new RangeError(
      `${what}: expected images of ${train.shape.join(" x ")} like the training images, ` +
        `received ${test.shape.join(" x ")}`,
    );
  }
  if (JSON.stringify(train.classNames) !== JSON.stringify(test.classNames)) {
    throw new RangeError(`${what}: its classes are not those of the training images`);
  }
}

/**
 * The sentence that a report prints about a split: no subset passes for the whole set.
 *
 * @param published Number of images of the whole half. Default: `count`.
 */
export function sourceLine(
  title: string,
  name: SplitName,
  origin: string,
  count: number,
  published = count,
): string {
  const number = (n: number) => n.toLocaleString("en-US");
  const [set, images] = count === published
    ? [title, number(count)]
    : [`${title} subset`, `${number(count)} of ${number(published)}`];
  return `${set}, ${images} ${name === "train" ? "training" : "test"} images, ${origin}`;
}

/** Number of images of each class. */
export function classCounts(split: Split): number[] {
  const counts = new Array<number>(split.classNames.length).fill(0);
  for (const label of split.labels) counts[label]! += 1;
  return counts;
}
