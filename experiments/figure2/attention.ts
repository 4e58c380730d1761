/**
 * Where networks look: mean Grad-CAM maps of classes, and the share of them on the background. The
 * questions of figure 2.
 *
 * @module
 */
import * as v from "valibot";
import type { Training } from "../../actors/testing/evaluator.ts";
import type { Disturbance } from "../../datasets/mod.ts";
import { networkByName } from "../../models/mod.ts";
import { multiplyAdds } from "../study/cost.ts";
import type { Data } from "../study/data.ts";
import type { Question, QuestionKind } from "../study/questions.ts";

/** Test images of each class whose Grad-CAM maps are averaged. */
export const IMAGES_PER_CLASS = 100;
/** A pixel of a grey image is background at or below this value: such images are black around. */
export const BACKGROUND = 0.1;

/** A network, and the test images that it is shown. */
export interface AttentionQuestion extends Question {
  readonly type: "GradCam";
  /** How the network of `weights` was trained. */
  readonly training: Training;
  /** Test images of each class; all of a class that has fewer. */
  readonly imagesPerClass: number;
  /** What is done to them; `null` shows them clean. */
  readonly disturbance: Disturbance | null;
  /** Decides which are shown. */
  readonly seed: number;
  /** A clean pixel is background at or below this value, 0 to 1; `null` where there is none. */
  readonly background: number | null;
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const answer = v.object({
  type: v.literal("GradCamMaps"),
  /** Of a map: the size of the last convolution's output. */
  shape: v.tuple([v.number(), v.number()]),
  classes: v.array(v.object({
    /** Mean over the images of their maps, each scaled to a maximum of 1; row by row. */
    map: v.array(share),
    images: v.number(),
    /** Images whose map is 0 everywhere; they count for the mean map, and have no share. */
    empty: v.number(),
    /** Mean over the other images of the share of their map's sum that is on background. */
    onBackground: v.nullable(share),
    /** Mean share of an image's pixels that are background. */
    background: v.nullable(share),
  })),
});

/** What a network looks at, class by class. */
export type AttentionMaps = v.InferOutput<typeof answer>;

/** Forward, and back to the last convolution. */
const PASSES = 3;

export const attention: QuestionKind<AttentionQuestion, AttentionMaps> = {
  noun: "attention maps",
  folder: "attention",
  actor: new URL("./attention_actor.ts", import.meta.url),
  answer,
  cost: attentionCost,
};

/** Multiply-adds of one network. */
export function attentionCost(
  { training, imagesPerClass }:
    & Pick<AttentionQuestion, "imagesPerClass">
    & { readonly training: Pick<Training, "network"> },
  { train }: Pick<Data, "train">,
): number {
  const classes = train.classNames.length;
  const network = networkByName(training.network)(train.shape, classes);
  return PASSES * multiplyAdds(network) * imagesPerClass * classes;
}

/** A grid of numbers, row by row. */
export interface Grid {
  readonly shape: readonly [height: number, width: number];
  readonly values: ArrayLike<number>;
}

/**
 * Bring a grid to another size, bilinearly; a value belongs to the middle of its cell, and beyond
 * the outer middles nothing changes.
 */
export function upsample({ shape: [rows, columns], values }: Grid, shape: Grid["shape"]): Grid {
  const [height, width] = shape;
  const result = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    const [top, bottom, down] = neighbours((row + 0.5) * rows / height - 0.5, rows);
    for (let column = 0; column < width; column++) {
      const [left, right, across] = neighbours((column + 0.5) * columns / width - 0.5, columns);
      const between = (at: number) =>
        (1 - across) * values[at * columns + left]! + across * values[at * columns + right]!;
      result[row * width + column] = (1 - down) * between(top) + down * between(bottom);
    }
  }
  return { shape, values: result };
}

/** The two cells around a place, and how far it is on the way from the first to the second. */
function neighbours(place: number, size: number): [number, number, number] {
  const inside = Math.min(size - 1, Math.max(0, place));
  const first = Math.min(Math.floor(inside), Math.max(0, size - 2));
  return [first, Math.min(first + 1, size - 1), inside - first];
}

/**
 * The share of a map's sum that lies on chosen pixels.
 *
 * @param chosen One entry for each value of the map.
 * @returns `undefined` for a map that is 0 everywhere.
 */
export function shareOn({ values }: Grid, chosen: ArrayLike<boolean>): number | undefined {
  let [sum, on] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    sum += values[at]!;
    if (chosen[at]) on += values[at]!;
  }
  return sum === 0 ? undefined : Math.min(1, on / sum);
}
