/**
 * The evaluator: trains a network on disturbed training images and reports its accuracy on clean
 * test images. It is the only role that opens the test split, and no part of a search.
 *
 * @module
 */
import {
  allIndices,
  type Augmentation,
  compileDisturbance,
  type Disturbance,
  loadTest,
  loadTrain,
  type Split,
} from "../datasets/mod.ts";
import { createEngine, networkByName, optimizerByName, parseDevice } from "../models/mod.ts";
import type { EngineWish } from "./devices.ts";
import type { Start } from "./runtime/mod.ts";
import { engineName, stepOf } from "./slot.ts";
import { evaluateClassifier, needsWholeBatches, trainClassifier } from "./training.ts";

/** What an evaluator starts from. */
export interface EvaluatorInit extends EngineWish {
  readonly device: string;
  /** The training images, or the name of their set. */
  readonly train: Split<"train"> | string;
  /** The test images, or the name of their set. */
  readonly test: Split<"test"> | string;
  /** Positions of the training images that are used. */
  readonly indices: Uint32Array;
  readonly network: string;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Shifts and flips of the training images, after the disturbance. */
  readonly augmentation?: Augmentation | undefined;
}

/** Train on images with this disturbance, and test on clean ones. */
export interface Evaluate {
  readonly type: "Evaluate";
  readonly disturbance: Disturbance;
  readonly seed: number;
}

/** What came of it. */
export interface TestScores {
  readonly type: "TestScores";
  /** On all clean test images, 0 to 1. */
  readonly testAccuracy: number;
  /** Mean cross-entropy on them, in nats. */
  readonly testLoss: number;
  /** On the disturbed training images, 0 to 1. */
  readonly perturbedAccuracy: number;
  /** Engine and backend, such as `onnx/cpu`. */
  readonly engine: string;
  readonly busyMs: number;
}

/** Starts an evaluator. */
export const start: Start<EvaluatorInit, Evaluate, TestScores> = async (init) => {
  const { indices, batchSize, epochs, learningRate, augmentation } = init;
  const train = typeof init.train === "string" ? await loadTrain(init.train) : init.train;
  const test = typeof init.test === "string" ? await loadTest(init.test) : init.test;
  const network = networkByName(init.network)(train.shape, train.classNames.length);
  const engine = await createEngine({
    network,
    optimizer: optimizerByName(init.optimizer).optimizer,
    batchSize,
    device: parseDevice(init.device),
    engine: init.engine,
    backend: init.backend,
  });
  return {
    async receive(message, context) {
      const startedAt = context.clock.now();
      const onStep = stepOf(context);
      const disturbance = compileDisturbance(message.disturbance);
      await trainClassifier(engine, train, indices, { disturbance, augmentation }, {
        epochs,
        batchSize,
        wholeBatches: needsWholeBatches(network),
        learningRate,
        seed: message.seed,
        onStep,
      });
      const perturbed = await evaluateClassifier(engine, train, indices, disturbance, onStep);
      const clean = await evaluateClassifier(engine, test, allIndices(test), undefined, onStep);
      context.reply({
        type: "TestScores",
        testAccuracy: clean.accuracy,
        testLoss: clean.loss,
        perturbedAccuracy: perturbed.accuracy,
        engine: engineName(engine.info),
        busyMs: context.clock.now() - startedAt,
      });
    },
    stop: async () => await engine[Symbol.asyncDispose](),
  };
};
