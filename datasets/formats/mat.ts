/**
 * MATLAB 5 files as SVHN has them: `X`, bytes of H x W x C x N, and `y`, N labels from 1 to 10, where
 * 10 stands for the digit 0. MATLAB stores the first dimension fastest.
 *
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
 * @module
 */
import type { Shape } from "../split.ts";
import type { Decoded } from "./decoded.ts";
import { unpack } from "./gzip.ts";

const HEAD_LENGTH = 128;
const MATRIX = 14;
const COMPRESSED = 15;
const UNSIGNED_BYTE = 2;

/** Readers of the element types that labels may be stored in. */
const NUMBER_TYPES: Readonly<
  Record<number, [size: number, read: keyof DataView & `get${string}`]>
> = {
  1: [1, "getInt8"],
  2: [1, "getUint8"],
  3: [2, "getInt16"],
  4: [2, "getUint16"],
  5: [4, "getInt32"],
  6: [4, "getUint32"],
  7: [4, "getFloat32"],
  9: [8, "getFloat64"],
  12: [8, "getBigInt64"],
  13: [8, "getBigUint64"],
};

interface Element {
  readonly type: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

interface Matrix {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly values: Element;
}

/** Whether bytes start like a MATLAB 5 file. */
export function isMat(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 19)) === "MATLAB 5.0 MAT-file";
}

/**
 * Read the images and labels of an SVHN file.
 *
 * @param limit The most bytes that a packed element may unpack to.
 * @param name The file's name, for the error.
 * @throws {SyntaxError} If it is damaged, or `X` and `y` are not as described above.
 */
export async function readSvhnMat(
  bytes: Uint8Array<ArrayBuffer>,
  shape: Shape,
  limit: number,
  name: string,
): Promise<Required<Decoded>> {
  const fail = (why: string) => new SyntaxError(`Cannot read the MATLAB file ${name}: ${why}`);
  if (!isMat(bytes) || bytes.length < HEAD_LENGTH) throw fail("expected the head of MATLAB 5");
  if (bytes[126] !== 0x49 || bytes[127] !== 0x4d) throw fail("expected little-endian numbers");
  const matrices = new Map<string, Matrix>();
  for (let element of elements(bytes.subarray(HEAD_LENGTH), fail)) {
    if (element.type === COMPRESSED) {
      const unpacked = await unpack(element.data, "deflate", limit, name);
      element = elements(unpacked, fail).next().value!;
    }
    if (element?.type !== MATRIX) throw fail(`expected a matrix, received type ${element?.type}`);
    const matrix = readMatrix(element.data, fail);
    matrices.set(matrix.name, matrix);
  }
  const X = matrices.get("X");
  const y = matrices.get("y");
  if (!X || !y) throw fail(`expected X and y, received ${[...matrices.keys()].join(", ")}`);
  const labels = readLabels(y, fail);
  return { images: readImages(X, shape, labels.length, fail), labels };
}

/** The elements of a file or matrix: type and length, then data, in units of 8 bytes. */
function* elements(
  bytes: Uint8Array<ArrayBuffer>,
  fail: (why: string) => SyntaxError,
): Generator<Element, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) throw fail("it is cut");
    const word = view.getUint32(at, true);
    const short = word >>> 16 !== 0; // up to 4 bytes of data share the head
    const length = short ? word >>> 16 : view.getUint32(at + 4, true);
    const start = at + (short ? 4 : 8);
    if (start + length > bytes.length || (short && length > 4)) throw fail("it is cut");
    const type = word & 0xffff;
    yield { type, data: bytes.subarray(start, start + length) };
    at = short ? at + 8 : start + (type === COMPRESSED ? length : Math.ceil(length / 8) * 8);
  }
}

/** A matrix holds flags, sizes, a name and values. */
function readMatrix(bytes: Uint8Array<ArrayBuffer>, fail: (why: string) => SyntaxError): Matrix {
  const [flags, sizes, name, values] = elements(bytes, fail);
  if (!flags || !sizes || !name || !values) throw fail("a matrix has no values");
  const view = new DataView(sizes.data.buffer, sizes.data.byteOffset, sizes.data.length);
  return {
    name: String.fromCharCode(...name.data.subarray(0, 63)),
    sizes: Array.from({ length: sizes.data.length >> 2 }, (_, i) => view.getInt32(4 * i, true)),
    values,
  };
}

function readLabels(
  { sizes, values: { type, data } }: Matrix,
  fail: (why: string) => SyntaxError,
): Uint8Array {
  const number = NUMBER_TYPES[type];
  if (!number) throw fail(`expected y to hold numbers, received type ${type}`);
  const [size, read] = number;
  const count = sizes.reduce((product, size) => product * size, 1);
  if (data.length !== count * size) {
    throw fail(
      `expected y to hold ${count} labels in ${count * size} bytes, received ${data.length}`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Uint8Array.from({ length: count }, (_, i) => {
    const label = Number((view[read] as (at: number, little: boolean) => unknown)(i * size, true));
    if (!Number.isInteger(label) || label < 1 || label > 10) {
      throw fail(`expected labels from 1 to 10, received ${label}`);
    }
    return label % 10;
  });
}

/** From column-major H, W, C, N to N, C, H, W: each plane is transposed. */
function readImages(
  { sizes, values }: Matrix,
  [channels, height, width]: Shape,
  count: number,
  fail: (why: string) => SyntaxError,
): Uint8Array {
  const expected = [height, width, channels, count];
  const plane = height * width;
  if (sizes.length === 3 && count === 1) sizes = [...sizes, 1]; // MATLAB drops a last size of 1
  if (sizes.join() !== expected.join()) {
    throw fail(`expected X to be ${expected.join(" x ")}, received ${sizes.join(" x ")}`);
  }
  if (values.type !== UNSIGNED_BYTE || values.data.length !== plane * channels * count) {
    throw fail(`expected X to hold ${plane * channels * count} bytes`);
  }
  const images = new Uint8Array(values.data.length);
  for (let start = 0; start < images.length; start += plane) {
    for (let column = 0, from = start; column < width; column++) {
      for (let row = 0; row < height; row++) {
        images[start + row * width + column] = values.data[from++]!;
      }
    }
  }
  return images;
}
