import type { Mixture } from "./defence.ts";
import { mixShares, partners } from "./partners.ts";

/**
 * A rectangle of each image comes from another one of the batch, and as much of its class: Yun et al.
 * (arXiv 1905.04899, section 3.1 and algorithm A1). The area of the rectangle is 1 - lambda with
 * lambda from Beta(1, 1), its centre is any pixel, and what lies outside is cut off. One rectangle for
 * a batch.
 */
export const cutmix: Mixture = {
  kind: "mixture",
  summary: "a rectangle of another image, and its share of the class",
  mix(images, shares, [channels, height, width], random) {
    const plane = height * width;
    const others = partners(images.length / (channels * plane), random);
    const side = Math.sqrt(1 - random.uniform());
    const [up, left] = [Math.floor(height * side / 2), Math.floor(width * side / 2)];
    const [row, column] = [random.integer(height), random.integer(width)];
    const [top, bottom] = [Math.max(0, row - up), Math.min(height, row + up)];
    const [first, last] = [Math.max(0, column - left), Math.min(width, column + left)];
    const before = images.slice();
    others.forEach((other, image) => {
      for (let channel = 0; channel < channels; channel++) {
        for (let y = top; y < bottom; y++) {
          const line = channel * plane + y * width;
          const from = other * channels * plane + line;
          const to = image * channels * plane + line;
          images.set(before.subarray(from + first, from + last), to + first);
        }
      }
    });
    mixShares(shares, others, 1 - (bottom - top) * (last - first) / plane);
  },
};
