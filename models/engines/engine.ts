/**
 * The one interface of all training engines.
 *
 * @module
 */

import { type Device, requireDevice } from "./device.ts";
import type { Network, Shape } from "../network.ts";
import type { Optimizer } from "../optimizers.ts";

/** What to train, how, and where. */
export interface EngineOptions {
  readonly network: Network;
  readonly optimizer: Optimizer;
  /** Samples of a training step; a step may hold fewer. */
  readonly batchSize: number;
  readonly device: Device;
  /** Seed of the first parameters. Default 0. */
  readonly seed?: number;
}

/** What really computes. */
export interface EngineInfo {
  readonly engine: "onnx";
  readonly backend: "cpu";
  /** Version of the engine's library. */
  readonly version: string;
}

/** A parameter's values in the canonical layout of its shape, row-major. */
export interface Parameter {
  /** `LAYER.weight` or `LAYER.bias`. */
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** What one training step saw, before its update. */
export interface StepResult {
  /** Mean cross-entropy of the batch, in nats. */
  readonly loss: number;
  /** How many samples had their label's logit highest. */
  readonly correct: number;
}

/** Sums over the samples, so that callers can average exactly. */
export interface Evaluation {
  /** Sum of the samples' cross-entropy, in nats. */
  readonly loss: number;
  /** How many samples had their label's logit highest. */
  readonly correct: number;
}

/**
 * Trains one network. Images are `[samples, channels, height, width]`, flattened, with values in
 * [0, 1]; labels are class numbers. Calls must not overlap: await one before the next.
 */
export interface Engine extends AsyncDisposable {
  readonly info: EngineInfo;

  /**
   * Draws new parameters and clears the optimiser: weights uniform in ±sqrt(6 / inputs) (He et al.,
   * arXiv 1502.01852), biases 0. Costs milliseconds; a worker trains all its candidates with one
   * engine.
   */
  initialize(seed: number): void;

  /**
   * One optimiser step on up to `batchSize` samples.
   *
   * @throws {TypeError} If the lengths do not fit the network and each other.
   * @throws {RangeError} If a label is no class, or the learning rate is not positive.
   * @throws {TrainingDiverged} If the loss is not finite.
   */
  trainStep(images: Float32Array, labels: Uint8Array, learningRate: number): Promise<StepResult>;

  /**
   * Sums of loss and hits over any number of samples.
   *
   * @throws {TypeError} If the lengths do not fit the network and each other.
   * @throws {RangeError} If a label is no class.
   */
  evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation>;

  /**
   * @returns `[samples, classes]`, flattened.
   * @throws {TypeError} If the length is not a whole number of images.
   */
  logits(images: Float32Array): Promise<Float32Array>;

  /** Copies of the parameters, in the order of the layers; reading them from a GPU takes time. */
  parameters(): Promise<readonly Parameter[]>;

  /**
   * Replaces all parameters, by name; the optimiser's state stays.
   *
   * @throws {TypeError} If a parameter is missing, unknown or of another length.
   */
  setParameters(parameters: readonly Pick<Parameter, "name" | "values">[]): void;
}

/** A training step gave a loss that is not finite: this network cannot be trained on. */
export class TrainingDiverged extends Error {
  override readonly name = "TrainingDiverged";

  /**
   * @param step Steps since the parameters were drawn, from 0.
   * @param loss The loss, NaN or Infinity.
   */
  constructor(readonly step: number, readonly loss: number) {
    super(`Training diverged: the loss of step ${step} is ${loss}`);
  }
}

/**
 * Compiles a network and its optimiser for a device.
 *
 * @throws {DeviceUnavailable} If the device cannot be used here.
 * @throws {TypeError} If the network's layers do not fit each other.
 * @throws {RangeError} If a size is out of range.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  requireDevice(options.device);
  const { OnnxEngine } = await import("./onnx/onnx_engine.ts");
  return await OnnxEngine.create(options);
}
