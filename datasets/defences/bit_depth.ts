import type { Filter } from "./defence.ts";

/**
 * The two highest bits of each value, so that 0, 64, 128 and 192 are left: Liu et al. (arXiv
 * 2301.13838), as Pillow's `posterize` does.
 */
export const bitDepth: Filter = {
  kind: "filter",
  summary: "the two highest bits of each value",
  filter(images) {
    for (let i = 0; i < images.length; i++) images[i]! &= 0b1100_0000;
  },
};
