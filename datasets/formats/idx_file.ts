/**
 * Reading IDX files into shared memory, checked, with one copy of the data.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { idxHeadLength, readIdxHead } from "./idx.ts";
import { sharedBytes } from "../split.ts";

/** What a file holds. */
export interface IdxArray {
  /** Sizes of the dimensions. */
  readonly sizes: readonly number[];
  /** The elements, row-major. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/**
 * Read an IDX file whose content is known.
 *
 * @param path Where it is.
 * @param dimensions Number of dimensions: 1 for labels, 3 or 4 for images.
 * @param sha256 Checksum of the whole file, in hexadecimal.
 * @throws {SyntaxError} If the file is not such a file or its checksum differs.
 */
export async function readIdxFile(
  path: string | URL,
  dimensions: number,
  sha256: string,
): Promise<IdxArray> {
  using file = await Deno.open(path);
  const name = path instanceof URL ? path.pathname : path;
  const { size } = await file.stat();
  const head = new Uint8Array(idxHeadLength(dimensions));
  await file.read(head);
  const sizes = readIdxHead(head, dimensions, size, name);
  const whole = sharedBytes(size);
  await file.seek(0, Deno.SeekMode.Start);
  let at = 0;
  while (at < size) {
    const read = await file.read(whole.subarray(at));
    if (read === null) {
      throw new SyntaxError(`Cannot read ${name}: expected ${size} bytes, received ${at}`);
    }
    at += read;
  }
  const received = createHash("sha256").update(whole).digest("hex");
  if (received !== sha256) {
    throw new SyntaxError(
      `Cannot use ${name}: it is damaged, expected the SHA-256 ${sha256}, received ${received}`,
    );
  }
  return { sizes, bytes: whole.subarray(head.length) };
}
