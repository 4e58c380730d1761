import type { Attack } from "./defence.ts";

/** How far a pixel may be from its own value. */
export const EPSILON = 8 / 255;
const STEP = 2 / 255;
const STEPS = 10;

/**
 * Adversarial training (Madry et al., arXiv 1706.06083, section 2.1): projected gradient descent from
 * a random start, 10 steps of 2/255 within 8/255 of each pixel, on the loss in evaluation. The
 * network is trained on what it finds alone.
 */
export const adversarial: Attack = {
  kind: "attack",
  summary: "training on the worst images within 8/255, by 10 steps of 2/255",
  steps: STEPS,
  async attack(images, slopesOf, random) {
    const own = images.slice();
    for (let i = 0; i < own.length; i++) {
      images[i] = near(own[i]!, own[i]! + EPSILON * (2 * random.uniform() - 1));
    }
    for (let step = 0; step < STEPS; step++) {
      const slopes = await slopesOf(images);
      for (let i = 0; i < own.length; i++) {
        images[i] = near(own[i]!, images[i]! + STEP * Math.sign(slopes[i]!));
      }
    }
  },
};

/** The nearest value in [0, 1] that is no further from a pixel's own one than it may be. */
function near(own: number, value: number): number {
  return Math.min(1, own + EPSILON, Math.max(0, own - EPSILON, value));
}
