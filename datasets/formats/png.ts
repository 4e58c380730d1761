/**
 * 8-bit grey and RGB images from PNG files.
 *
 * @module
 */
import { decode, type DecodedPng } from "fast-png";
import type { Shape } from "../split.ts";

/** Width and height stand at bytes 16 and 20 of the file. */
const HEAD_LENGTH = 33;
/** The largest width and height: these are small images, and a small file may claim any size. */
const MOST_PIXELS = 1024;
/** A file may be this much longer than its pixels: a longer one unpacks to something else. */
const FILE_SLACK = 65_536;

/**
 * Read one image.
 *
 * @param name The file's name, for the error.
 * @returns Values 0 to 255 in C, H, W order.
 * @throws {SyntaxError} If it is damaged, too large, or not 8-bit grey or RGB.
 */
export function readPng(bytes: Uint8Array, name: string): { shape: Shape; values: Uint8Array } {
  const fail = (why: string, cause?: unknown) =>
    new SyntaxError(`Cannot read the PNG file ${name}: ${why}`, { cause });
  if (bytes.length < HEAD_LENGTH) throw fail(`it is cut, received ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width > MOST_PIXELS || height > MOST_PIXELS) {
    throw fail(`expected at most ${MOST_PIXELS} x ${MOST_PIXELS}, received ${height} x ${width}`);
  }
  if (bytes.length > 4 * width * height + FILE_SLACK) {
    throw fail(`received ${bytes.length} bytes for ${height} x ${width} pixels`);
  }
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    throw fail((error as Error).message, error);
  }
  const { channels, depth, palette, data } = png;
  if (depth !== 8 || palette || (channels !== 1 && channels !== 3)) {
    const kind = palette ? "a palette" : `${channels} channels of ${depth} bits`;
    throw fail(`expected 8-bit grey or RGB, received ${kind}`);
  }
  const plane = width * height;
  const values = new Uint8Array(plane * channels);
  for (let place = 0, from = 0; place < plane; place++) {
    for (let channel = 0; channel < channels; channel++) {
      values[channel * plane + place] = data[from++]!;
    }
  }
  return { shape: [channels, height, width], values };
}
