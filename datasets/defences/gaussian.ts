import type { Filter } from "./defence.ts";
import { fromNeighbours } from "./neighbours.ts";

/** Of the kernel, in pixels. */
const SIGMA = 0.8;

/**
 * The weights of the pixel and its eight neighbours: a sampled Gaussian with a sum of 1, 3 x 3 as in
 * Liu et al. (arXiv 2301.13838). Their sigma of 0.1 leaves 8-bit images as they are: a neighbour weighs
 * 2e-22. Ours is the 0.8 that OpenCV takes for 3 x 3.
 */
export const gaussianKernel: readonly number[] = (() => {
  const line = [-1, 0, 1].map((x) => Math.exp(-(x ** 2) / (2 * SIGMA ** 2)));
  const sum = line.reduce((sum, weight) => sum + weight, 0);
  return line.flatMap((row) => line.map((column) => row * column / sum ** 2));
})();

/** A Gaussian filter, see {@linkcode gaussianKernel}. The image is mirrored at its edges. */
export const gaussian: Filter = {
  kind: "filter",
  summary: "a Gaussian filter, 3 x 3 with a sigma of 0.8",
  filter(images, shape) {
    fromNeighbours(images, shape, true, (nine) => {
      let sum = 0;
      for (let i = 0; i < 9; i++) sum += gaussianKernel[i]! * nine[i]!;
      return Math.round(sum);
    });
  },
};
