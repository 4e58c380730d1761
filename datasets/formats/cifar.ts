/**
 * CIFAR-10's binary layout: for each image one label byte, then its values in C, H, W order.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 * @module
 */
import type { Shape } from "../split.ts";
import type { Decoded } from "./decoded.ts";

/**
 * Read the records of a batch.
 *
 * @param classes Labels must be below this.
 * @param name The file's name, for the error.
 * @throws {SyntaxError} If the length is no whole number of records, or a label is out of range.
 */
export function readCifarRecords(
  bytes: Uint8Array,
  shape: Shape,
  classes: number,
  name: string,
): Required<Decoded> {
  const size = shape[0] * shape[1] * shape[2];
  const count = bytes.length / (size + 1);
  if (count < 1 || !Number.isInteger(count)) {
    throw new SyntaxError(
      `Cannot read the batch ${name}: expected a whole number of records of ${size + 1} bytes, ` +
        `received ${bytes.length} bytes`,
    );
  }
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const at = image * (size + 1);
    const label = bytes[at]!;
    if (label >= classes) {
      throw new SyntaxError(
        `Cannot read the batch ${name}: label ${image} must be below ${classes}, received ${label}`,
      );
    }
    labels[image] = label;
    images.set(bytes.subarray(at + 1, at + 1 + size), image * size);
  }
  return { images, labels };
}

/** The opposite: records from labels and images of `size` values each. */
export function writeCifarRecords({ images, labels }: Required<Decoded>): Uint8Array<ArrayBuffer> {
  const size = images.length / labels.length;
  const records = new Uint8Array(labels.length * (size + 1));
  labels.forEach((label, image) => {
    records[image * (size + 1)] = label;
    records.set(images.subarray(image * size, (image + 1) * size), image * (size + 1) + 1);
  });
  return records;
}
