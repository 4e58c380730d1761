/**
 * 8-bit grey and RGB images from PNG files. Only what makes the pixels is read and checked: a text,
 * a time or a colour profile in a file may be damaged.
 *
 * @see https://www.w3.org/TR/png-3/
 * @module
 */
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { decode, type DecodedPng } from "fast-png";
import type { Shape } from "../split.ts";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Signature, and the chunk IHDR with length, type, 13 bytes and checksum. */
const HEAD_LENGTH = 33;
/** Chunks without which pixels cannot be known; a reader must refuse any other critical one. */
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];
/** Colour types, and their channels; a palette has one, of indices. */
const [GREY, RGB, PALETTE] = [0, 2, 3];
const CHANNELS: Readonly<Record<number, number>> = {
  [GREY]: 1,
  [RGB]: 3,
  [PALETTE]: 1,
  4: 2,
  6: 4,
};
/** Where the passes of an interlaced image begin, and their steps: column, row, across, down. */
// deno-fmt-ignore
const PASSES = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
] as const;
/** Chunks that are not needed for pixels, but say that the pixels are not all of the image. */
const REFUSED = [["tRNS", "a transparent colour"], ["acTL", "an animation"]] as const;
/** The largest width and height: these are small images, and a small file may claim any size. */
const MOST_PIXELS = 1024;
/** A file may be this much longer than its pixels: a longer one unpacks to something else. */
const FILE_SLACK = 65_536;

type Fail = (why: string, cause?: unknown) => SyntaxError;

/**
 * Read one image, interlaced or not.
 *
 * @param name The file's name, for the error.
 * @returns Values 0 to 255 in C, H, W order.
 * @throws {SyntaxError} If it is damaged, too large, animated, or not 8-bit grey or RGB.
 */
export function readPng(bytes: Uint8Array, name: string): { shape: Shape; values: Uint8Array } {
  const fail: Fail = (why, cause) =>
    new SyntaxError(`Cannot read the PNG file ${name}: ${why}`, { cause });
  if (bytes.length < HEAD_LENGTH) throw fail(`it is cut, received ${bytes.length} bytes`);
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) throw fail("it does not begin like one");
  const { width, height, depth, colour, channels, packed } = headOf(bytes);
  if (width > MOST_PIXELS || height > MOST_PIXELS || width < 1 || height < 1) {
    throw fail(`expected at most ${MOST_PIXELS} x ${MOST_PIXELS}, received ${height} x ${width}`);
  }
  const { needed, ancillary, imageData } = chunksOf(bytes, fail);
  if (needed.length > 4 * width * height + FILE_SLACK) {
    throw fail(`received ${needed.length} bytes for ${height} x ${width} pixels`);
  }
  const odd = REFUSED.find(([type]) => ancillary.has(type))?.[1];
  if (depth !== 8 || (colour !== GREY && colour !== RGB) || odd) {
    const kind = odd ??
      (colour === PALETTE ? "a palette" : `${channels} channels of ${depth} bits`);
    throw fail(`expected 8-bit grey or RGB, received ${kind}`);
  }
  requireWhole(imageData, packed, fail);
  let png: DecodedPng;
  try {
    png = decode(needed, { checkCrc: true });
  } catch (error) {
    throw fail((error as Error).message, error);
  }
  const plane = width * height;
  const values = new Uint8Array(plane * channels);
  for (let place = 0, from = 0; place < plane; place++) {
    for (let channel = 0; channel < channels; channel++) {
      values[channel * plane + place] = png.data[from++]!;
    }
  }
  return { shape: [channels, height, width], values };
}

/** What the first chunk says, and how many bytes the image data of an 8-bit image unpack to. */
function headOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, interlaced] = [bytes[24]!, bytes[25]!, bytes[28] === 1];
  const channels = CHANNELS[colour] ?? 0;
  const passes = interlaced ? PASSES : [[0, 0, 1, 1] as const];
  let packed = 0;
  for (const [column, row, across, down] of passes) {
    const columns = Math.ceil((width - column) / across);
    const rows = Math.ceil((height - row) / down);
    if (columns > 0 && rows > 0) packed += rows * (1 + columns * channels);
  }
  return { width, height, depth, colour, channels, packed };
}

interface Chunks {
  /** The file without its ancillary chunks, whose types begin with a small letter. */
  readonly needed: Uint8Array;
  /** Types of the ancillary chunks. */
  readonly ancillary: ReadonlySet<string>;
  /** The packed image data. */
  readonly imageData: Uint8Array;
}

function chunksOf(bytes: Uint8Array, fail: Fail): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const needed = [bytes.subarray(0, SIGNATURE.length)];
  const ancillary = new Set<string>();
  const imageData: Uint8Array[] = [];
  for (let at = SIGNATURE.length, type = ""; type !== "IEND";) {
    if (at + 12 > bytes.length) throw fail("it is cut");
    const end = at + 12 + view.getUint32(at);
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw fail(`it is cut in the chunk ${JSON.stringify(type)}`);
    if (/^[a-z][A-Za-z]{3}$/.test(type)) {
      ancillary.add(type);
    } else if (CRITICAL.includes(type) && (type === "IHDR") === (at === SIGNATURE.length)) {
      needed.push(bytes.subarray(at, end));
      if (type === "IDAT") imageData.push(bytes.subarray(at + 8, end - 4));
    } else {
      throw fail(
        `it has a chunk ${JSON.stringify(type)} at byte ${at}, which cannot be read there`,
      );
    }
    at = end;
    if (type === "IEND") needed.push(bytes.subarray(end));
  }
  return { needed: joined(needed), ancillary, imageData: joined(imageData) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  return Buffer.concat(pieces);
}

/** The decoder takes missing values for zeros and does not look at the checksum of what it unpacks. */
function requireWhole(imageData: Uint8Array, expected: number, fail: Fail): void {
  let received: number;
  try {
    received = inflateSync(imageData, { maxOutputLength: expected }).length;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw fail(`expected image data of ${expected} bytes, received more`);
    }
    throw fail(`its image data are damaged or cut`, error);
  }
  if (received < expected) {
    throw fail(`expected image data of ${expected} bytes, received ${received}`);
  }
}
