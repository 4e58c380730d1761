/**
 * Reading IDX files into shared memory, checked, with one copy of the data. A file may be packed by
 * gzip, whatever its name.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { sharedBytes } from "../split.ts";
import { isGzip, unpackedChunks } from "./gzip.ts";
import { checkIdxLength, idxFileLength, idxHeadLength, readIdxHead, readIdxSizes } from "./idx.ts";

/** What a file holds. */
export interface IdxArray {
  /** Sizes of the dimensions. */
  readonly sizes: readonly number[];
  /** The elements, row-major. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** Gzip makes at most so many bytes of one: a file that announces more is damaged, or a trap. */
const MOST_BYTES_OF_ONE = 1032;

/**
 * Read an IDX file.
 *
 * @param path Where it is.
 * @param dimensions Number of dimensions: 1 for labels, 3 or 4 for images.
 * @param sha256 Checksum of the whole file, unpacked, in hexadecimal. Default: any.
 * @throws {SyntaxError} If the file is not such a file or its checksum differs.
 */
export async function readIdxFile(
  path: string | URL,
  dimensions: number,
  sha256?: string,
): Promise<IdxArray> {
  const name = path instanceof URL ? path.pathname : path;
  using file = await Deno.open(path);
  const head = await readStart(file, dimensions);
  const { sizes, whole } = isGzip(head)
    ? await unpackWhole(await Deno.readFile(path), dimensions, name)
    : await readWhole(file, head, dimensions, name);
  if (sha256 !== undefined) {
    const received = createHash("sha256").update(whole).digest("hex");
    if (received !== sha256) {
      throw new SyntaxError(
        `Cannot use ${name}: it is damaged, expected the SHA-256 ${sha256}, received ${received}`,
      );
    }
  }
  return { sizes, bytes: whole.subarray(idxHeadLength(dimensions)) };
}

/**
 * The sizes that an IDX file announces; its elements are not looked at.
 *
 * @throws {SyntaxError} If the file does not begin as such a file.
 */
export async function readIdxFileSizes(path: string, dimensions: number): Promise<number[]> {
  using file = await Deno.open(path);
  const head = await readStart(file, dimensions);
  return isGzip(head)
    ? await unpackSizes(await Deno.readFile(path), dimensions, path)
    : readIdxSizes(head, dimensions, path);
}

/** As many bytes as a head has, or all if there are fewer. */
async function readStart(file: Deno.FsFile, dimensions: number): Promise<Uint8Array> {
  const head = new Uint8Array(idxHeadLength(dimensions));
  return head.subarray(0, await file.read(head) ?? 0);
}

interface WholeFile {
  readonly sizes: readonly number[];
  readonly whole: Uint8Array<SharedArrayBuffer>;
}

async function readWhole(
  file: Deno.FsFile,
  head: Uint8Array,
  dimensions: number,
  name: string,
): Promise<WholeFile> {
  const { size } = await file.stat();
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
  return { sizes, whole };
}

/** What comes out is never more than the head announces. */
async function unpackWhole(
  packed: Uint8Array<ArrayBuffer>,
  dimensions: number,
  name: string,
): Promise<WholeFile> {
  const sizes = await unpackSizes(packed, dimensions, name);
  const most = packed.length * MOST_BYTES_OF_ONE;
  if (idxFileLength(sizes) > most) checkIdxLength(sizes, `${packed.length} packed ones`, name);
  const whole = sharedBytes(idxFileLength(sizes));
  let at = 0;
  for await (const chunk of unpackedChunks(packed, "gzip", name)) {
    if (at + chunk.length > whole.length) checkIdxLength(sizes, "more", name);
    whole.set(chunk, at);
    at += chunk.length;
  }
  checkIdxLength(sizes, at, name);
  return { sizes, whole };
}

async function unpackSizes(
  packed: Uint8Array<ArrayBuffer>,
  dimensions: number,
  name: string,
): Promise<number[]> {
  const head = new Uint8Array(idxHeadLength(dimensions));
  let at = 0;
  for await (const chunk of unpackedChunks(packed, "gzip", name)) {
    head.set(chunk.subarray(0, head.length - at), at);
    at = Math.min(head.length, at + chunk.length);
    if (at === head.length) break;
  }
  return readIdxSizes(head.subarray(0, at), dimensions, name);
}
