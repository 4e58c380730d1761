/**
 * Loss and accuracy at points in the space of a network's weights: the questions of figure 4.
 *
 * @module
 */
import * as v from "valibot";
import type { Evaluate, Training } from "../../actors/testing/evaluator.ts";
import { networkByName } from "../../models/mod.ts";
import { multiplyAdds } from "../study/cost.ts";
import type { Data } from "../study/data.ts";
import type { Question, QuestionKind } from "../study/questions.ts";

/** A point, and the images that a network there is measured on. */
export interface LandscapeQuestion
  extends Question, Pick<Evaluate, "training" | "disturbance" | "subset"> {
  readonly type: "Landscape";
  /** The point is the sum of these shares of the networks in `weights`, ... */
  readonly shares: readonly number[];
  /** ... and a step off it along a random direction, see {@linkcode stepOff}; `null` is none. */
  readonly step: { readonly length: number; readonly seed: number } | null;
  /** `train` are the disturbed training images, `both` also the clean test images. */
  readonly images: "train" | "both";
}

const scores = v.object({
  /** Mean cross-entropy, in nats. */
  loss: v.pipe(v.number(), v.finite(), v.minValue(0)),
  /** 0 to 1. */
  accuracy: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});

const answer = v.object({
  type: v.literal("LandscapeScores"),
  train: scores,
  test: v.nullable(scores),
});

/** Loss and accuracy at a point; `test` is `null` where it was not asked for. */
export type LandscapeScores = v.InferOutput<typeof answer>;

/** Batches that the statistics of batch normalisation are recomputed from, at most. */
export const STATISTICS_BATCHES = 50;

export const landscape: QuestionKind<LandscapeQuestion, LandscapeScores> = {
  noun: "points",
  folder: "landscape",
  actor: new URL("./landscape_actor.ts", import.meta.url),
  answer,
  cost: landscapeCost,
};

/** Multiply-adds of one point. */
export function landscapeCost(
  { training, subset, images }:
    & Pick<LandscapeQuestion, "images" | "subset">
    & { readonly training: Pick<Training, "network"> },
  { train, test }: Data,
): number {
  const network = networkByName(training.network)(train.shape, train.classNames.length);
  const count = (subset?.size ?? train.count) + (images === "both" ? test.count : 0);
  return multiplyAdds(network) * count;
}
