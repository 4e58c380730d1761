import type { Filter } from "./defence.ts";

/**
 * The luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in all three channels: Liu et al. (arXiv
 * 2301.13838), rounded as Pillow does.
 */
export const gray: Filter = {
  kind: "filter",
  summary: "the luma in all three channels",
  channels: [3],
  filter(images, [, height, width]) {
    const plane = height * width;
    for (let offset = 0; offset < images.length; offset += 3 * plane) {
      for (let red = offset; red < offset + plane; red++) {
        const [green, blue] = [red + plane, red + 2 * plane];
        const luma = 19595 * images[red]! + 38470 * images[green]! + 7471 * images[blue]!;
        images[red] = images[green] = images[blue] = (luma + 0x8000) >> 16;
      }
    }
  },
};
