/**
 * The evaluator: trains networks on disturbed training images and reports their accuracy on clean
 * test images. It is no part of a search.
 *
 * @module
 */
import {
  allIndices,
  type Augmentation,
  compileDisturbance,
  type Disturbance,
  stratifiedSubset,
} from "../../datasets/mod.ts";
import { type DefenceName, planDefences } from "../../datasets/defences/defences.ts";
import {
  needsWholeBatches,
  type Recipe,
  TrainingDiverged,
  writeWeights,
} from "../../models/mod.ts";
import { Bench, type BenchInit } from "./bench.ts";
import type { Context, Start } from "../runtime/mod.ts";
import { engineName } from "../../training/engine_on.ts";
import { stepOf } from "../runtime/mod.ts";
import { filtered } from "../../training/defend.ts";
import { evaluateClassifier, trainClassifier } from "../../training/training.ts";

/** How a network is trained. */
export interface Training extends Recipe {
  /** Name of the network, or the URL of its file. */
  readonly network: string;
  /** Images of a step, 1 to 4096. */
  readonly batchSize: number;
  /** Passes over the training images. */
  readonly epochs: number;
  /** Shifts and flips of the training images, after the disturbance; `null` is none. */
  readonly augmentation: Augmentation | null;
  /** What else is done to them, one after the other. Default: nothing. */
  readonly defences?: readonly DefenceName[] | undefined;
}

/** Train on images with this disturbance, and test on clean ones. */
export interface Evaluate {
  readonly type: "Evaluate";
  readonly disturbance: Disturbance;
  readonly training: Training;
  /** The training images that are used, stratified; `null` is all of them. */
  readonly subset: { readonly size: number; readonly seed: number } | null;
  /** Decides initial weights and the order of images. */
  readonly seed: number;
  /** Path of a safetensors file for the trained weights. Default: they are not kept. */
  readonly weights?: string | undefined;
  /** Test after every epoch, and not at the end alone. The training is the same. Default: `false`. */
  readonly everyEpoch?: boolean | undefined;
}

/** What came of it. */
export interface TestScores {
  /** The tag. */
  readonly type: "TestScores";
  /** On all clean test images, 0 to 1. */
  readonly testAccuracy: number;
  /** Mean cross-entropy on them, in nats. */
  readonly testLoss: number;
  /** On the disturbed training images, as filters that come first leave them, 0 to 1. */
  readonly perturbedAccuracy: number;
  /** On all clean test images after each epoch, 0 to 1, where that was asked for. */
  readonly epochAccuracies?: readonly number[] | undefined;
  /** Engine and backend, such as `onnx/cpu`. */
  readonly engine: string;
  /** How long training and test took. */
  readonly busyMs: number;
}

/** The network cannot be trained this way, with any number of tries. */
export interface TestFailed {
  /** The tag. */
  readonly type: "TestFailed";
  /** Why, in words. */
  readonly reason: string;
}

/** What an evaluator answers. */
export type TestOutcome = TestScores | TestFailed;

/** Starts an evaluator. */
export const start: Start<BenchInit, Evaluate, TestOutcome> = async (init) => {
  const bench = await Bench.open(init);
  const { train, test } = bench;
  const evaluate = async (
    { disturbance: described, training, subset, seed, weights, everyEpoch }: Evaluate,
    context: Context<Evaluate, TestOutcome>,
  ): Promise<TestScores> => {
    const startedAt = context.clock.now();
    const onStep = stepOf(context);
    const { network, engine } = await bench.engineFor(training);
    const indices = subset ? stratifiedSubset(train, subset.size, subset.seed) : allIndices(train);
    const { epochs, batchSize, learningRate, schedule, augmentation } = training;
    const disturbance = compileDisturbance(described);
    const { filters, others } = planDefences(training.defences ?? []);
    const seen = await filtered({ split: train, indices, disturbance }, filters, onStep);
    const testNow = () => evaluateClassifier(engine, test, allIndices(test), undefined, onStep);
    const before: number[] = [];
    const onEpoch = async () => {
      before.push((await testNow()).accuracy);
      return true;
    };
    await trainClassifier(engine, seen.split, seen.indices, {
      disturbance: seen.disturbance,
      augmentation: augmentation ?? undefined,
      defences: others,
    }, {
      epochs,
      batchSize,
      wholeBatches: needsWholeBatches(network),
      learningRate,
      schedule,
      seed,
      onStep,
      onEpoch: everyEpoch ? onEpoch : undefined,
    });
    const perturbed = await evaluateClassifier(
      engine,
      seen.split,
      seen.indices,
      seen.disturbance,
      onStep,
    );
    const clean = await testNow();
    if (weights !== undefined) {
      await writeWeights(weights, await engine.parameters(), { network: training.network });
    }
    return {
      type: "TestScores",
      testAccuracy: clean.accuracy,
      testLoss: clean.loss,
      perturbedAccuracy: perturbed.accuracy,
      ...(everyEpoch && { epochAccuracies: [...before, clean.accuracy] }),
      engine: engineName(engine.info),
      busyMs: context.clock.now() - startedAt,
    };
  };
  return {
    async receive(message, context) {
      try {
        context.reply(await evaluate(message, context));
      } catch (error) {
        if (!(error instanceof TrainingDiverged)) throw error;
        context.reply({ type: "TestFailed", reason: error.message });
      }
    },
    stop: () => bench.clear(),
  };
};
