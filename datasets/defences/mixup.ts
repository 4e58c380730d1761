import type { Mixture } from "./defence.ts";
import { mixShares, partners } from "./partners.ts";

/**
 * The weighted mean of each image and another one of the batch, and of their classes: Zhang et al.
 * (arXiv 1710.09412, section 2). The weight is from Beta(1, 1), one for a batch.
 */
export const mixup: Mixture = {
  kind: "mixture",
  summary: "the weighted mean of two images and of their classes",
  mix(images, shares, [channels, height, width], random) {
    const size = channels * height * width;
    const others = partners(images.length / size, random);
    const own = random.uniform();
    const before = images.slice();
    others.forEach((other, image) => {
      for (let i = 0; i < size; i++) {
        const at = image * size + i;
        images[at] = own * before[at]! + (1 - own) * before[other * size + i]!;
      }
    });
    mixShares(shares, others, own);
  },
};
