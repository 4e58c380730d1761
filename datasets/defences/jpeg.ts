import { decode, encode } from "jpeg-js";
import type { Filter } from "./defence.ts";

const QUALITY = 10;
/** JPEG's blocks are squares of this many pixels. */
const BLOCK = 8;
/** Pixels that are encoded at once, or one image: the tables that an encoder begins with take long. */
const PIXELS = 2 ** 18;

/**
 * Encoded with quality 10 and decoded: Liu et al. (arXiv 2301.13838). Colours are not subsampled.
 * Images are encoded below each other. Each fills whole blocks, as it does alone, so it comes out the
 * same.
 */
export const jpeg: Filter = {
  kind: "filter",
  summary: "JPEG of quality 10",
  channels: [1, 3],
  filter(images, [channels, height, width]) {
    const plane = height * width;
    const [rows, columns] = [wholeBlocks(height), wholeBlocks(width)];
    const most = Math.max(1, Math.floor(PIXELS / (rows * columns)));
    const size = channels * plane;
    for (let first = 0; first < images.length; first += most * size) {
      const some = images.subarray(first, first + most * size);
      const count = some.length / size;
      const data = new Uint8Array(4 * count * rows * columns);
      /** Where a channel of a pixel is in `some`, of one that is beyond the edge the last one before. */
      const place = (image: number, channel: number, row: number, column: number) =>
        image * size + channel * plane + Math.min(row, height - 1) * width +
        Math.min(column, width - 1);
      for (let pixel = 0; pixel < count * rows * columns; pixel++) {
        const [line, column] = [Math.floor(pixel / columns), pixel % columns];
        const [image, row] = [Math.floor(line / rows), line % rows];
        for (let channel = 0; channel < 3; channel++) {
          data[4 * pixel + channel] = some[place(image, channel % channels, row, column)]!;
        }
      }
      const picture = encode({ width: columns, height: count * rows, data }, QUALITY).data;
      const decoded = decode(picture, { useTArray: true }).data;
      for (let image = 0; image < count; image++) {
        for (let channel = 0; channel < channels; channel++) {
          for (let row = 0; row < height; row++) {
            for (let column = 0; column < width; column++) {
              const pixel = (image * rows + row) * columns + column;
              some[place(image, channel, row, column)] = decoded[4 * pixel + channel]!;
            }
          }
        }
      }
    }
  },
};

function wholeBlocks(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
