import type { RandomChange } from "./defence.ts";

/**
 * A black square at a random place, half as high and wide as the image: 16 x 16 of 32 x 32, as
 * DeVries and Taylor (arXiv 1708.04552, section 4.2) have it for CIFAR-10. Its centre is any pixel, so
 * a part of it may lie outside.
 */
export const cutout: RandomChange = {
  kind: "random",
  summary: "a black square of half the side, at a random place",
  change(images, [channels, height, width], random) {
    const plane = height * width;
    const [up, left] = [Math.floor(height / 4), Math.floor(width / 4)];
    for (let offset = 0; offset < images.length; offset += channels * plane) {
      const [row, column] = [random.integer(height), random.integer(width)];
      const [top, bottom] = [Math.max(0, row - up), Math.min(height, row + up)];
      const [first, last] = [Math.max(0, column - left), Math.min(width, column + left)];
      for (let channel = 0; channel < channels; channel++) {
        for (let y = top; y < bottom; y++) {
          const line = offset + channel * plane + y * width;
          images.fill(0, line + first, line + last);
        }
      }
    }
  },
};
