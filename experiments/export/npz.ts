/**
 * `.npz` files of NumPy: a zip of arrays, each a `.npy` file. The same arrays give the same bytes.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @module
 */
import { Zip, ZipDeflate } from "fflate";
import { ConfigurationError } from "../../options.ts";

/** An array of unsigned bytes. */
export interface ByteArray {
  /** What it is called in the file. */
  readonly name: string;
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** Its bytes in C order, the last dimension fastest, in pieces that follow each other. */
  readonly pieces: Iterable<Uint8Array<ArrayBuffer>>;
}

/** The date of every file in the zip, as NumPy has it. At noon, so that it is in each time zone. */
const DATE = new Date(1980, 0, 1, 12);

/** A zip that says sizes in 32 bits cannot hold more. */
const MOST_BYTES = 0xffff_0000;

/**
 * Write arrays. Only one piece is in memory at a time.
 *
 * @param path Of a file that is not there.
 * @throws {ConfigurationError} If the arrays are larger than 4 GiB.
 * @throws {DOMException} If the signal is aborted; what was written stays.
 */
export async function writeNpz(
  path: string,
  arrays: readonly ByteArray[],
  signal: AbortSignal,
): Promise<void> {
  const total = arrays.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (total > MOST_BYTES) {
    throw new ConfigurationError(
      `Cannot write a .npz file of ${
        (total / 2 ** 30).toFixed(1)
      } GiB: it holds up to 4; choose a ` +
        `folder for --out`,
    );
  }
  using file = await Deno.open(path, { write: true, createNew: true });
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    packed.push(piece);
  });
  const flush = async () => {
    for (const piece of packed.splice(0)) {
      for (let at = 0; at < piece.length;) at += await file.write(piece.subarray(at));
    }
  };
  for (const { name, shape, pieces } of arrays) {
    const entry = new ZipDeflate(`${name}.npy`, { level: 6 });
    entry.mtime = DATE;
    zip.add(entry);
    entry.push(npyHead(shape));
    for (const piece of pieces) {
      signal.throwIfAborted();
      entry.push(piece);
      await flush();
    }
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  await flush();
  await file.sync();
}

/** What stands before the bytes in a `.npy` file of version 1.0. Its length is a multiple of 64. */
function npyHead(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const what = `{'descr': '|u1', 'fortran_order': False, 'shape': (${sizes}), }`;
  const before = 10; // magic string, version, length
  const length = Math.ceil((before + what.length + 1) / 64) * 64 - before;
  const text = `\x93NUMPY\x01\x00${String.fromCharCode(length & 255, length >> 8)}` +
    `${what.padEnd(length - 1)}\n`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
