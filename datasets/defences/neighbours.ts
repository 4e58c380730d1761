import type { Shape } from "../split.ts";

/**
 * Replace each pixel by what follows from it and its eight neighbours, channel by channel.
 *
 * @param images In N, C, H, W order; changed in place.
 * @param mirrored At an edge: mirror at the outermost pixels, or else repeat them.
 * @param value Gets the nine pixels, row by row; it may change them.
 */
export function fromNeighbours(
  images: Uint8Array,
  [, height, width]: Shape,
  mirrored: boolean,
  value: (nine: Uint8Array) => number,
): void {
  const plane = height * width;
  const nine = new Uint8Array(9);
  const rows = neighbours(height, mirrored);
  const columns = neighbours(width, mirrored);
  const before = new Uint8Array(plane);
  for (let offset = 0; offset < images.length; offset += plane) {
    before.set(images.subarray(offset, offset + plane));
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        let count = 0;
        for (let y = 0; y < 3; y++) {
          const line = rows[row + y]! * width;
          for (let x = 0; x < 3; x++) nine[count++] = before[line + columns[column + x]!]!;
        }
        images[offset + row * width + column] = value(nine);
      }
    }
  }
}

/** Positions along an axis, with one more at both ends. */
function neighbours(size: number, mirrored: boolean): Uint32Array {
  const beyond = mirrored ? Math.min(1, size - 1) : 0;
  return Uint32Array.from({ length: size + 2 }, (_, at) => {
    if (at === 0) return beyond;
    return at === size + 1 ? size - 1 - beyond : at - 1;
  });
}
