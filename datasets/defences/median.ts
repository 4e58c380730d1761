import type { Filter } from "./defence.ts";
import { fromNeighbours } from "./neighbours.ts";

/**
 * The median of each pixel and its eight neighbours, as Liu et al. (arXiv 2301.13838) have it; the
 * outermost pixels are repeated beyond the edges, as OpenCV does.
 */
export const median: Filter = {
  kind: "filter",
  summary: "a median filter, 3 x 3",
  filter: (images, shape) => fromNeighbours(images, shape, false, (nine) => nine.sort()[4]!),
};
