import { augmentImage } from "../augmentation.ts";
import type { RandomChange } from "./defence.ts";

/** Shifts and flips, as the option `augmentation` has them: He et al. 2015, section 4.2. */
export const standard: RandomChange = {
  kind: "random",
  summary: "shifts by up to 4 pixels, and flips where they keep the class",
  change(images, shape, random, augmentation) {
    const size = shape[0] * shape[1] * shape[2];
    for (let offset = 0; offset < images.length; offset += size) {
      const image = images.slice(offset, offset + size);
      augmentImage(image, shape, augmentation, random, images, offset);
    }
  },
};
