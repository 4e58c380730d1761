/**
 * Measures networks at points in the space of their weights.
 *
 * @module
 */
import { Bench, type BenchInit } from "../../actors/testing/bench.ts";
import type { Start } from "../../actors/runtime/mod.ts";
import { stepOf } from "../../actors/runtime/mod.ts";
import { evaluateClassifier } from "../../training/training.ts";
import {
  allIndices,
  type CompiledDisturbance,
  compileDisturbance,
  fillBatch,
  imageSize,
  shuffled,
  type Split,
  stratifiedSubset,
} from "../../datasets/mod.ts";
import { needsWholeBatches, type Parameter, readWeights } from "../../models/mod.ts";
import { combine, stepOff } from "./interpolation.ts";
import { type LandscapeQuestion, type LandscapeScores, STATISTICS_BATCHES } from "./landscape.ts";

/** Starts the actor. */
export const start: Start<BenchInit, LandscapeQuestion, LandscapeScores> = async (init) => {
  const bench = await Bench.open(init);
  const { train, test } = bench;
  const networks = new Map<string, readonly Parameter[]>();
  const read = async (path: string): Promise<readonly Parameter[]> => {
    const known = networks.get(path) ?? (await readWeights(path)).parameters;
    networks.set(path, known);
    return known;
  };
  return {
    async receive({ weights, shares, step, training, disturbance, subset, images }, context) {
      const onStep = stepOf(context);
      for (const path of networks.keys()) if (!weights.includes(path)) networks.delete(path);
      const middle = combine(await Promise.all(weights.map(read)), shares);
      const point = step ? stepOff(middle, step.length, step.seed) : middle;
      const { network, engine } = await bench.engineFor(training);
      const indices = subset
        ? stratifiedSubset(train, subset.size, subset.seed)
        : allIndices(train);
      const compiled = compileDisturbance(disturbance);
      engine.setParameters(point);
      if (needsWholeBatches(network)) {
        await engine.recomputeStatistics(
          firstBatches(train, indices, compiled, training.batchSize),
        );
      }
      context.reply({
        type: "LandscapeScores",
        train: await evaluateClassifier(engine, train, indices, compiled, onStep),
        test: images === "both"
          ? await evaluateClassifier(engine, test, allIndices(test), undefined, onStep)
          : null,
      });
    },
    stop: () => bench.clear(),
  };
};

/** Disturbed images of whole batches, as many as the statistics are recomputed from. */
function firstBatches(
  split: Split<"train">,
  indices: Uint32Array,
  disturbance: CompiledDisturbance,
  batchSize: number,
): Float32Array {
  const batches = Math.min(STATISTICS_BATCHES, Math.floor(indices.length / batchSize));
  const count = batches * batchSize;
  const images = new Float32Array(count * imageSize(split));
  const labels = new Uint8Array(count);
  // A set may be in the order of its classes.
  const mixed = shuffled(indices, 0);
  fillBatch({ split, indices: mixed, start: 0, count, disturbance, images, labels });
  return images;
}
