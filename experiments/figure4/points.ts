/**
 * The points that figure 4 measures: on the line between two networks, and around its ends.
 *
 * @module
 */
import { deriveSeed } from "../../random.ts";
import { TRAINING_STREAMS } from "../../random_streams.ts";
import type { LandscapeQuestion } from "./landscape.ts";
import type { RepeatNetwork } from "../study/repeats.ts";
import type { TestedNetwork } from "../study/study.ts";

/** The ends of the line: SGD at a = 0, Adam at a = 1. */
export const ENDS = ["sgd", "adam"] as const;

/** Values of a: 41, at even distances, beyond both ends. */
export const SHARES: readonly number[] = Array.from({ length: 41 }, (_, i) => (i - 10) / 20);

/** Random directions in which the sharpness of an end is measured, each to both sides. */
export const DIRECTIONS = 10;
/** Length of these steps, as a share of the length of each filter. */
export const RADIUS = 0.5;

/** Points on the line, then steps off its ends; none if a training failed. */
export function pointsOf(
  sgd: TestedNetwork<RepeatNetwork>,
  adam: TestedNetwork<RepeatNetwork>,
): LandscapeQuestion[] {
  if (sgd.weights === undefined || adam.weights === undefined) return [];
  const { dataset, disturbance, subset, training, seed } = sgd.job;
  const common = { type: "Landscape", dataset, disturbance, subset, training } as const;
  const weights = [sgd.weights, adam.weights];
  const line = SHARES.map((share): LandscapeQuestion => ({
    ...common,
    weights,
    shares: [1 - share, share],
    step: null,
    images: "both",
  }));
  const around = weights.flatMap((end) =>
    Array.from(
      { length: DIRECTIONS },
      (_, direction) =>
        [-RADIUS, RADIUS].map((length): LandscapeQuestion => ({
          ...common,
          weights: [end],
          shares: [1],
          step: { length, seed: deriveSeed(seed, TRAINING_STREAMS.direction, direction) },
          images: "train",
        })),
    ).flat()
  );
  return [...line, ...around];
}
