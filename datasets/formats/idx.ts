/**
 * The IDX format of MNIST and Fashion-MNIST: a big-endian head (two zero bytes, element type, number
 * of dimensions, one 32-bit size per dimension), then the elements, row-major.
 *
 * @see http://yann.lecun.com/exdb/mnist/
 * @module
 */

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
 * @param dimensions The expected number: 3 for images, 1 for labels.
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
  const fail = (why: string) => new SyntaxError(`Cannot read the IDX file ${name}: ${why}`);
  const headLength = idxHeadLength(dimensions);
  if (fileLength < headLength || head.length < headLength) {
    throw fail(`expected a head of ${headLength} bytes, received ${fileLength} bytes in all`);
  }
  const [zero0, zero1, type, rank] = head;
  if (zero0 !== 0 || zero1 !== 0) {
    throw fail(`expected two zero bytes first, received ${zero0} and ${zero1}`);
  }
  if (type !== UNSIGNED_BYTE) {
    throw fail(`expected unsigned bytes (element type 8), received element type ${type}`);
  }
  if (rank !== dimensions) {
    const expected = dimensions === 1
      ? "labels (1 dimension)"
      : `images (${dimensions} dimensions)`;
    throw fail(`expected ${expected}, received ${rank} dimension${rank === 1 ? "" : "s"}`);
  }
  const view = new DataView(head.buffer, head.byteOffset, headLength);
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = headLength + sizes.reduce((product, size) => product * size, 1);
  if (fileLength !== expected) {
    throw fail(`expected ${expected} bytes for ${sizes.join(" x ")}, received ${fileLength}`);
  }
  return sizes;
}
