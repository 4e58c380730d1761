/**
 * A folder of PNG files, one folder for each class: `PATH/class/*.png`. With `PATH/train` and
 * `PATH/test`, each with folders of classes, those are the halves. Otherwise about one image in six
 * is a test image, chosen by the hash of its class and file name: adding files moves no other.
 *
 * The classes are those of the training half, in the order of their names, for both halves.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  type ClassFolder,
  type ImageFile,
  type Listing,
  openFolder,
  readClasses,
} from "./class_folders.ts";
import { readPng } from "../formats/png.ts";
import { listed } from "../remarks.ts";
import {
  checkedSplit,
  type Shape,
  sharedBytes,
  sourceLine,
  type Split,
  type SplitName,
} from "../split.ts";

/** Every how many-th image is a test image where the folder does not say. */
const TEST_SHARE = 6;
/** Labels are bytes. */
const MOST_CLASSES = 256;
/** Folders with these names are halves, unless there is one among others: a train is a class, too. */
const HALF_NAME = /^(train|training|test|testing|val|valid|validation)$/i;

/** The images of a half, before they are read. */
interface Half {
  /** The folder that holds the folders of classes. */
  readonly root: string;
  /** The classes of the training half. */
  readonly classNames: readonly string[];
  readonly files: readonly LabelledFile[];
  /** A training image, which all images must be like. */
  readonly like: ImageFile;
  /** The folders of which something may have been passed over. */
  readonly listings: readonly Listing[];
}

interface LabelledFile extends ImageFile {
  readonly label: number;
}

/**
 * One half of a folder of PNG files. Of the files of the other half none is opened, but for one: the
 * test images must be like the first training image.
 *
 * @throws {RangeError} If there are fewer than 2 classes, a class has no image, the test half has a
 *   class that the training half lacks, images are of several shapes, or an entry cannot be used.
 * @throws {SyntaxError} If a file is no 8-bit grey or RGB PNG.
 */
export async function loadPngFolder<Name extends SplitName>(
  top: Listing,
  name: Name,
): Promise<Split<Name>> {
  const { path } = top;
  const { root, classNames, files, like, listings } = isDivided(top)
    ? await dividedHalf(top, name)
    : await hashedHalf(top, name);
  if (files.length === 0) {
    throw new RangeError(
      `Cannot load ${root}: it holds no ${name} images` +
        (root === path ? ", which about one in six is by the hash of its name" : "") +
        listings.at(-1)!.passedOver.ending,
    );
  }
  const { shape } = await read(like);
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const count = files.length;
  const images = sharedBytes(count * size);
  const labels = sharedBytes(count);
  for (const [image, file] of files.entries()) {
    const png = await read(file);
    if (png.shape.join() !== shape.join()) {
      throw new RangeError(
        `Cannot load ${file.path}: expected an image of ${shape.join(" x ")} like the ` +
          `${name === "train" ? "others" : "training images"}, received ${png.shape.join(" x ")}`,
      );
    }
    images.set(png.values, image * size);
    labels[image] = file.label;
  }
  return checkedSplit({
    dataset: path,
    split: name,
    images,
    labels,
    count,
    shape,
    classNames,
    source: sourceLine(`folder ${path}`, name, `${classNames.length} classes`, count),
    remarks: listings.map(({ passedOver }) => passedOver)
      .filter(({ count }) => count > 0)
      .map((passedOver) => `Only PNG files in folders of classes are read; ${passedOver}`),
  });
}

async function read({ path }: ImageFile): Promise<{ shape: Shape; values: Uint8Array }> {
  return readPng(await Deno.readFile(path), path);
}

/** @throws {RangeError} If the folders are halves, but not exactly `train` and `test`. */
function isDivided({ path, folders }: Listing): boolean {
  const names = folders.map(({ name }) => name);
  if (names.join() === "test,train") return true;
  const halves = names.filter((name) => HALF_NAME.test(name));
  if (halves.length === 0 || (halves.length === 1 && names.length > 1)) return false;
  throw wronglyDivided(path, names);
}

function wronglyDivided(path: string, names: readonly string[]): RangeError {
  return new RangeError(
    `Cannot load ${path}: expected the folders train and test and no other, or folders of ` +
      `classes, received ${listed(names)}`,
  );
}

/** A half that has its own folder. */
async function dividedHalf(top: Listing, name: SplitName): Promise<Half> {
  const training = await openFolder(`${top.path}/train`);
  const classes = await readTrainingClasses(training);
  const classNames = classes.map(({ name }) => name);
  const like = classes[0]!.images[0]!;
  if (name === "train") {
    const files = classes.flatMap(({ images }, label) => withLabel(images, label));
    return { root: training.path, classNames, files, like, listings: [top, training] };
  }
  const testing = await openFolder(`${top.path}/test`);
  const found = await readClasses(testing);
  const unknown = found.map(({ name }) => name).filter((name) => !classNames.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot load ${testing.path}: expected folders of the classes in ${training.path}, which ` +
        `are ${listed(classNames)}, received also ${listed(unknown)}`,
    );
  }
  const files = found.flatMap(({ name, images }) => withLabel(images, classNames.indexOf(name)));
  return { root: testing.path, classNames, files, like, listings: [top, testing] };
}

/** A half that the names of the files decide. */
async function hashedHalf(top: Listing, name: SplitName): Promise<Half> {
  const classes = await readTrainingClasses(top);
  const isHalf = ({ name, images }: ClassFolder) =>
    HALF_NAME.test(name) && images.every((file) => file.name.split("/").length > 2);
  if (classes.some(isHalf)) throw wronglyDivided(top.path, classes.map(({ name }) => name));
  for (const { images } of classes) {
    const inHalf = images.find(({ name }) => HALF_NAME.test(name.split("/").slice(1, -1)[0] ?? ""));
    if (inHalf) throw wronglyDivided(top.path, [inHalf.name]);
  }
  const training = classes.map(({ images }) => images.filter((file) => splitOf(file) === "train"));
  const empty = classes.filter((_, label) => training[label]!.length === 0);
  if (empty.length > 0) {
    throw new RangeError(
      `Cannot load ${top.path}: expected training images of each class, received none of ` +
        `${
          listed(empty.map(({ name }) => name))
        }: the hash of their names makes all of them test ` +
        `images; add images, or divide them into folders train and test`,
    );
  }
  const files = classes.flatMap(({ images }, label) =>
    withLabel(images.filter((file) => splitOf(file) === name), label)
  );
  return {
    root: top.path,
    classNames: classes.map(({ name }) => name),
    files,
    like: training[0]![0]!,
    listings: [top],
  };
}

async function readTrainingClasses(listing: Listing): Promise<ClassFolder[]> {
  const { path, folders: { length } } = listing;
  if (length < 2 || length > MOST_CLASSES) {
    throw new RangeError(
      `Cannot load ${path}: expected 2 to ${MOST_CLASSES} folders, one for each class, ` +
        `received ${length}${listing.passedOver.ending}`,
    );
  }
  return await readClasses(listing);
}

function withLabel(images: readonly ImageFile[], label: number): LabelledFile[] {
  return images.map((image) => ({ ...image, label }));
}

function splitOf({ name }: ImageFile): SplitName {
  const hash = createHash("sha256").update(name).digest().readUInt32BE();
  return hash % TEST_SHARE === 0 ? "test" : "train";
}
