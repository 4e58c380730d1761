/**
 * Shows test images to trained networks, and reports where these look.
 *
 * @module
 */
import { Bench, type BenchInit } from "../../actors/testing/bench.ts";
import type { Start } from "../../actors/runtime/mod.ts";
import { stepOf } from "../../actors/runtime/mod.ts";
import {
  allIndices,
  compileDisturbance,
  fillBatch,
  imageSize,
  shuffled,
  type Split,
} from "../../datasets/mod.ts";
import { type Engine, readWeights } from "../../models/mod.ts";
import {
  type AttentionMaps,
  type AttentionQuestion,
  type Grid,
  shareOn,
  upsample,
} from "./attention.ts";

/** Starts the actor. */
export const start: Start<BenchInit, AttentionQuestion, AttentionMaps> = async (init) => {
  const bench = await Bench.open(init);
  return {
    async receive(question, context) {
      const { weights: [path], training, imagesPerClass, seed } = question;
      const onStep = stepOf(context);
      const { engine } = await bench.engineFor(training);
      engine.setParameters((await readWeights(path!)).parameters);
      const { test } = bench;
      const order = shuffled(allIndices(test), seed);
      const classes: ClassMaps[] = [];
      for (const label of test.classNames.keys()) {
        const indices = order.filter((index) => test.labels[index] === label)
          .subarray(0, imagesPerClass);
        classes.push(await mapsOf(engine, test, indices, question));
        await onStep();
      }
      const shape = classes.find(({ images }) => images > 0)!.shape;
      context.reply({
        type: "GradCamMaps",
        shape: [...shape],
        classes: classes.map(({ shape: _, ...maps }) => maps),
      });
    },
    stop: () => bench.clear(),
  };
};

type ClassMaps = AttentionMaps["classes"][number] & { readonly shape: Grid["shape"] };

/** The maps of images of one class. */
async function mapsOf(
  engine: Engine,
  split: Split<"test">,
  indices: Uint32Array,
  { background, disturbance: described }: AttentionQuestion,
): Promise<ClassMaps> {
  const count = indices.length;
  const size = imageSize(split);
  const [channels, height, width] = split.shape;
  const images = new Float32Array(count * size);
  const labels = new Uint8Array(count);
  const batch = { split, indices, start: 0, count, labels };
  if (count > 0) fillBatch({ ...batch, images });
  const shown = images.slice();
  const disturbance = described ? compileDisturbance(described) : undefined;
  if (count > 0 && disturbance) fillBatch({ ...batch, images: shown, disturbance });
  const { shape, maps } = await engine.gradCam(shown, labels);
  const cells = shape[0] * shape[1];
  const sum = new Float64Array(cells);
  const shares: number[] = [];
  let [empty, backgroundSum] = [0, 0];
  for (let image = 0; image < count; image++) {
    const map = maps.subarray(image * cells, (image + 1) * cells);
    const highest = map.reduce((most, value) => Math.max(most, value), 0);
    if (highest > 0) map.forEach((value, at) => sum[at]! += value / highest);
    else empty++;
    if (background === null) continue;
    // A pixel is background where all of its channels are.
    const isBackground = Array.from({ length: height * width }, (_, at) => {
      for (let channel = 0; channel < channels; channel++) {
        if (images[image * size + channel * height * width + at]! > background) return false;
      }
      return true;
    });
    backgroundSum += isBackground.filter(Boolean).length / isBackground.length;
    const share = shareOn(upsample({ shape, values: map }, [height, width]), isBackground);
    if (share !== undefined) shares.push(share);
  }
  return {
    shape,
    map: [...sum].map((value) => value / Math.max(1, count)),
    images: count,
    empty,
    onBackground: shares.length === 0
      ? null
      : shares.reduce((total, share) => total + share, 0) / shares.length,
    background: background === null || count === 0 ? null : backgroundSum / count,
  };
}
