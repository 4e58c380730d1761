/**
 * A folder of PNG files, one folder for each class: `PATH/class/*.png`. With `PATH/train` and
 * `PATH/test`, each with folders of classes, those are the halves. Otherwise about one image in six
 * is a test image, chosen by the hash of its class and file name: adding files moves no other.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readPng } from "./formats/png.ts";
import {
  checkedSplit,
  type Shape,
  sharedBytes,
  sourceLine,
  type Split,
  type SplitName,
} from "./split.ts";

/** Every how many-th image is a test image where the folder does not say. */
const TEST_SHARE = 6;
/** Labels are bytes. */
const MOST_CLASSES = 256;

/**
 * One half of a folder of PNG files; the files of the other half stay closed.
 *
 * @throws {RangeError} If there are fewer than 2 classes, no images, or images of several sizes.
 * @throws {SyntaxError} If a file is no 8-bit grey or RGB PNG.
 */
export async function loadFolder<Name extends SplitName>(
  path: string,
  name: Name,
): Promise<Split<Name>> {
  const top = await names(path, "isDirectory");
  const divided = top.length === 2 && top.includes("train") && top.includes("test");
  const root = divided ? `${path}/${name}` : path;
  const classNames = divided ? await names(root, "isDirectory") : top;
  if (classNames.length < 2 || classNames.length > MOST_CLASSES) {
    throw new RangeError(
      `Cannot load ${root}: expected 2 to ${MOST_CLASSES} folders, one for each class, ` +
        `received ${classNames.length}`,
    );
  }
  const files: { path: string; label: number }[] = [];
  for (const [label, className] of classNames.entries()) {
    for (const file of await names(`${root}/${className}`, "isFile")) {
      const wanted = file.endsWith(".png") &&
        (divided || splitOf(`${className}/${file}`) === name);
      if (wanted) files.push({ path: `${root}/${className}/${file}`, label });
    }
  }
  if (files.length === 0) throw new RangeError(`Cannot load ${root}: it holds no ${name} images`);
  const count = files.length;
  const labels = sharedBytes(count);
  let images = sharedBytes(0);
  let shape: Shape | undefined;
  for (const [image, file] of files.entries()) {
    const png = readPng(await Deno.readFile(file.path), file.path);
    if (!shape) {
      shape = png.shape;
      images = sharedBytes(count * png.values.length);
    }
    if (png.shape.join() !== shape.join()) {
      throw new RangeError(
        `Cannot load ${file.path}: expected an image of ${shape.join(" x ")} like the others, ` +
          `received ${png.shape.join(" x ")}`,
      );
    }
    images.set(png.values, image * png.values.length);
    labels[image] = file.label;
  }
  return checkedSplit({
    dataset: path,
    split: name,
    images,
    labels,
    count,
    shape: shape!,
    classNames,
    source: sourceLine(`folder ${path}`, name, `${classNames.length} classes`, count),
  });
}

/** Names of the entries of one kind, in a fixed order; hidden ones do not count. */
async function names(path: string, kind: "isDirectory" | "isFile"): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    if (entry[kind] && !entry.name.startsWith(".")) found.push(entry.name);
  }
  return found.sort();
}

function splitOf(name: string): SplitName {
  const hash = createHash("sha256").update(name).digest().readUInt32BE();
  return hash % TEST_SHARE === 0 ? "test" : "train";
}
