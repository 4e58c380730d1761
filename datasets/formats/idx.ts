/**
 * The IDX format of MNIST and Fashion-MNIST: a big-endian head (two zero bytes, element type, number
 * of dimensions, one 32-bit size per dimension), then the elements, row-major.
 *
 * @see http://yann.lecun.com/exdb/mnist/
 * @module
 */
import type { Shape } from "../split.ts";
import type { Decoded } from "./decoded.ts";

/** Element type 0x08: unsigned bytes, the only one that the image sets use. */
const UNSIGNED_BYTE = 0x08;

/** Length in bytes of the head of a file with that many dimensions. */
export function idxHeadLength(dimensions: number): number {
  return 4 + 4 * dimensions;
}

/**
 * Read and check the head of an IDX file of unsigned bytes.
 *
 * @param head At least the first `idxHeadLength(dimensions)` bytes.
 * @param dimensions The expected number: 3 or 4 for images, 1 for labels.
 * @param fileLength Length of the whole file in bytes; it must be exactly what the head announces.
 * @param name The file's name, for the error.
 * @returns The sizes of the dimensions: `[count, height, width]` or `[count]`.
 * @throws {SyntaxError} If it is not such a file.
 */
export function readIdxHead(
  head: Uint8Array,
  dimensions: number,
  fileLength: number,
  name: string,
): number[] {
  const sizes = readIdxSizes(head.subarray(0, fileLength), dimensions, name);
  checkIdxLength(sizes, fileLength, name);
  return sizes;
}

/**
 * Read the head of an IDX file of unsigned bytes, whatever comes behind it.
 *
 * @param head At least the first `idxHeadLength(dimensions)` bytes, unless the file is shorter.
 * @param dimensions The expected number: 3 or 4 for images, 1 for labels.
 * @param name The file's name, for the error.
 * @returns The sizes of the dimensions.
 * @throws {SyntaxError} If it is not such a head.
 */
export function readIdxSizes(head: Uint8Array, dimensions: number, name: string): number[] {
  const fail = (why: string) => new SyntaxError(`Cannot read the IDX file ${name}: ${why}`);
  const headLength = idxHeadLength(dimensions);
  if (head.length < headLength) {
    throw fail(`expected a head of ${headLength} bytes, received ${head.length} bytes in all`);
  }
  const [zero0, zero1, type, rank] = head;
  if (zero0 !== 0 || zero1 !== 0) {
    throw fail(`expected two zero bytes first, received ${zero0} and ${zero1}`);
  }
  if (type !== UNSIGNED_BYTE) {
    throw fail(`expected unsigned bytes (element type 8), received element type ${type}`);
  }
  if (rank !== dimensions) {
    const kind = dimensions === 1 ? "labels (1 dimension)" : `images (${dimensions} dimensions)`;
    throw fail(`expected ${kind}, received ${rank} dimension${rank === 1 ? "" : "s"}`);
  }
  const view = new DataView(head.buffer, head.byteOffset, headLength);
  return Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
}

/** Length in bytes of a whole file with these sizes. */
export function idxFileLength(sizes: readonly number[]): number {
  return idxHeadLength(sizes.length) + sizes.reduce((product, size) => product * size, 1);
}

/**
 * Check that a file is exactly as long as its sizes announce.
 *
 * @param received Its length in bytes, or that in words.
 * @throws {SyntaxError} If it is not.
 */
export function checkIdxLength(
  sizes: readonly number[],
  received: number | string,
  name: string,
): void {
  const expected = idxFileLength(sizes);
  if (received !== expected) {
    throw new SyntaxError(
      `Cannot read the IDX file ${name}: expected ${expected} bytes for ${sizes.join(" x ")}, ` +
        `received ${received}`,
    );
  }
}

/** The head of an IDX file of unsigned bytes with these sizes. */
export function writeIdxHead(sizes: readonly number[]): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(idxHeadLength(sizes.length));
  head.set([0, 0, UNSIGNED_BYTE, sizes.length]);
  const view = new DataView(head.buffer);
  sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  return head;
}

/**
 * Read a published IDX file: one with one dimension holds labels, any other must hold images.
 *
 * @param classes Labels must be below this.
 * @throws {SyntaxError} If it is damaged, its images have another shape, or a label is too large.
 */
export function readIdx(bytes: Uint8Array, shape: Shape, classes: number, name: string): Decoded {
  if (bytes[3] === 1) {
    readIdxHead(bytes, 1, bytes.length, name);
    const labels = bytes.subarray(idxHeadLength(1));
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0) {
      throw new SyntaxError(
        `Cannot read the IDX file ${name}: label ${wrong} must be below ${classes}, ` +
          `received ${labels[wrong]}`,
      );
    }
    return { labels };
  }
  const [, height, width] = readIdxHead(bytes, 3, bytes.length, name);
  if (shape.join() !== [1, height, width].join()) {
    throw new SyntaxError(
      `Cannot read the IDX file ${name}: expected images of ${shape[1]} x ${shape[2]}, ` +
        `received ${height} x ${width}`,
    );
  }
  return { images: bytes.subarray(idxHeadLength(3)) };
}
