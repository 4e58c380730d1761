/**
 * The one interface of all training engines.
 *
 * @module
 */

import type { Network } from "../network.ts";
import type { Optimizer } from "../optimizers.ts";
import type { ParameterShape } from "../shape.ts";
import type { Backend, EngineName } from "./choice.ts";
import type { Device } from "./device.ts";

/** What to train, how, and where. */
export interface EngineOptions {
  /** What is trained. */
  readonly network: Network;
  /** How its parameters follow the gradients. */
  readonly optimizer: Optimizer;
  /** Samples of a training step, which may hold fewer where there is no batch normalisation. */
  readonly batchSize: number;
  /** Where it is computed. */
  readonly device: Device;
  /** Default `auto`: the fastest that works on the device. */
  readonly engine?: EngineName | "auto";
  /** Default `auto`: the fastest that works; never a GPU that is software. */
  readonly backend?: Backend | "auto";
  /** Seed of the first parameters. Default 0. */
  readonly seed?: number;
}

/** What really computes. */
export interface EngineInfo {
  /** The library: ONNX Runtime or TensorFlow.js. */
  readonly engine: EngineName;
  /** The part of the library that computes. */
  readonly backend: Backend;
  /** Version of the engine's library. */
  readonly version: string;
  /** The card, where the backend tells. */
  readonly hardware?: string;
}

/** A parameter's values in the canonical layout of its shape, row-major. */
export interface Parameter extends Pick<ParameterShape, "name" | "shape"> {
  /** The values, row-major. */
  readonly values: Float32Array;
}

/** What {@linkcode Engine.setParameters} takes; a shape that is given must be the network's. */
export type NewParameter = Pick<Parameter, "name" | "values"> & Partial<Pick<Parameter, "shape">>;

/**
 * What samples are to be: class numbers, one for each; or, flattened from `[samples, classes]`, how
 * much of each class a sample is, not negative and with a sum of 1.
 */
export type Targets = Uint8Array | Float32Array;

/** What one training step saw, before its update. */
export interface StepResult {
  /** Mean cross-entropy of the batch, in nats. */
  readonly loss: number;
  /** How many samples had the logit of their label, or of their largest share, highest. */
  readonly correct: number;
}

/** Sums over the samples, so that callers can average exactly. */
export interface Evaluation {
  /** Sum of the samples' cross-entropy, in nats. */
  readonly loss: number;
  /** How many samples had their label's logit highest. */
  readonly correct: number;
}

/** What in each image speaks for its label, see {@linkcode Engine.gradCam}. */
export interface GradCam {
  /** The size of a map: that of the last feature maps. */
  readonly shape: readonly [height: number, width: number];
  /** `[samples, height, width]`, flattened; 0 or more. */
  readonly maps: Float32Array;
}

/**
 * Trains one network. Images are `[samples, channels, height, width]`, flattened, with values in
 * [0, 1]; labels are class numbers. Every engine refuses the same calls in the same words. Calls must
 * not overlap: one that begins before the one before is done is a `TypeError`, and so is one after
 * the engine was disposed of. That waits for the call that goes on.
 */
export interface Engine extends AsyncDisposable {
  /** What really computes, for results. */
  readonly info: EngineInfo;

  /**
   * Draws new parameters and clears the optimiser: weights uniform in ±sqrt(6 / inputs) (He et al.,
   * arXiv 1502.01852), biases 0; running averages start anew. Costs milliseconds; a worker trains
   * all its candidates with one engine.
   *
   * @throws {RangeError} If the seed is not an integer.
   */
  initialize(seed: number): void;

  /**
   * One optimiser step on up to `batchSize` samples; on exactly as many where the network has batch
   * normalisation, which would see the missing ones.
   *
   * @throws {TypeError} If the lengths do not fit the network, the batch size and each other.
   * @throws {RangeError} If a label is no class, shares are none, or the learning rate is not positive.
   * @throws {TrainingDiverged} If the loss is not finite, as it is of a pixel that is not. Nothing has
   * changed then.
   */
  trainStep(images: Float32Array, labels: Targets, learningRate: number): Promise<StepResult>;

  /**
   * Sums of loss and hits over any number of samples.
   *
   * @throws {TypeError} If the lengths do not fit the network and each other.
   * @throws {RangeError} If a label is no class.
   * @throws {TrainingDiverged} If the loss is not finite, as it is of a pixel that is not.
   */
  evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation>;

  /**
   * The network's outputs before the softmax.
   *
   * @returns `[samples, classes]`, flattened.
   * @throws {TypeError} If the length is not a whole number of images.
   * @throws {RangeError} If a pixel is not finite.
   */
  logits(images: Float32Array): Promise<Float32Array>;

  /**
   * The slope of each sample's cross-entropy by its pixels, in evaluation.
   *
   * @returns In the order of the images.
   * @throws {TypeError} If the lengths do not fit the network and each other.
   * @throws {RangeError} If a label is no class, shares are none, or a pixel is not finite.
   */
  inputGradients(images: Float32Array, labels: Targets): Promise<Float32Array>;

  /**
   * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391, equations 1 and 2), in evaluation. With A the
   * feature maps of the last convolution, behind its normalisation and ReLU as usual, and z the logit
   * of the sample's label, the weight of channel k is the mean of dz/dA_k over the pixels, and the
   * map is the ReLU of the channels' weighted sum. In a residual or dense network A is what is
   * pooled at the end.
   *
   * @throws {TypeError} If the lengths do not fit the network and each other, or if the network has
   * no convolution that its logits depend on.
   * @throws {RangeError} If a label is no class, or a pixel is not finite.
   */
  gradCam(images: Float32Array, labels: Uint8Array): Promise<GradCam>;

  /**
   * Replaces the running averages of batch normalisation by the means, over batches of `batchSize`
   * images, of each batch's mean and unbiased variance with the present weights. Nothing is dropped,
   * and nothing else changes; a network without batch normalisation stays as it is.
   *
   * @throws {TypeError} If the length is not that of one whole batch or several.
   * @throws {RangeError} If a pixel is not finite.
   */
  recomputeStatistics(images: Float32Array): Promise<void>;

  /** Copies of the parameters, in the order of the layers; reading them from a GPU takes time. */
  parameters(): Promise<readonly Parameter[]>;

  /**
   * Replaces all parameters, by name; the optimiser's state stays.
   *
   * @throws {TypeError} If a parameter is missing, unknown, there twice, or of another shape or length;
   * nothing has changed then.
   * @throws {RangeError} If a value is not finite; nothing has changed then, either.
   */
  setParameters(parameters: readonly NewParameter[]): void;
}
