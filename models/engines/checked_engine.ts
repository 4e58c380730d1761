import { type Network, parameterShapes } from "../network.ts";
import type { ParameterShape } from "../shape.ts";
import type { BareEngine } from "./bare_engine.ts";
import {
  checkBatches,
  checkImages,
  checkParameters,
  checkPixels,
  checkSamples,
  checkSeed,
  checkStep,
  checkTargets,
  firstNotFinite,
} from "./checks.ts";
import type {
  Engine,
  EngineInfo,
  EngineOptions,
  Evaluation,
  GradCam,
  NewParameter,
  Parameter,
  StepResult,
  Targets,
} from "./engine.ts";
import { lastFeatureMaps } from "./last_feature_maps.ts";
import { explainError, OutOfMemory } from "./out_of_memory.ts";
import { TrainingDiverged } from "./training_diverged.ts";

/**
 * An engine that refuses what no library could compute, in the same words whichever it is: wrong
 * arguments, calls that overlap, and calls after the end. Lack of memory is
 * {@linkcode OutOfMemory}, and a loss that is not finite {@linkcode TrainingDiverged}.
 */
export class CheckedEngine implements Engine {
  readonly info: EngineInfo;
  readonly #bare: BareEngine;
  readonly #network: Network;
  readonly #batchSize: number;
  readonly #shapes: readonly ParameterShape[];
  /** Steps since the parameters were drawn. */
  #steps = 0;
  /** Resolves when the present call is done. */
  #call: Promise<void> | undefined;
  #end: Promise<void> | undefined;

  /** @param bare Has just drawn its first parameters. */
  constructor(bare: BareEngine, { network, batchSize }: EngineOptions) {
    this.info = bare.info;
    this.#bare = bare;
    this.#network = network;
    this.#batchSize = batchSize;
    this.#shapes = parameterShapes(network);
  }

  initialize(seed: number): void {
    this.#checkFree();
    checkSeed("initialize", seed);
    this.#explained(() => this.#bare.initialize(seed));
    this.#steps = 0;
  }

  async trainStep(
    images: Float32Array,
    labels: Targets,
    learningRate: number,
  ): Promise<StepResult> {
    this.#checkFree();
    const samples = checkTargets("train", this.#network, images, labels);
    checkStep(this.#network, this.#batchSize, samples, learningRate);
    this.#checkLossOf(images);
    const result = await this.#run(() =>
      this.#bare.trainStep(images, labels, learningRate, this.#steps + 1)
    );
    this.#checkLoss(result.loss);
    this.#steps++;
    return result;
  }

  async evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation> {
    this.#checkFree();
    checkSamples("evaluate", this.#network, images, labels);
    this.#checkLossOf(images);
    const sums = await this.#run(() => this.#bare.evaluate(images, labels));
    this.#checkLoss(sums.loss);
    return sums;
  }

  async logits(images: Float32Array): Promise<Float32Array> {
    this.#checkFree();
    checkImages(this.#network, images);
    checkPixels("compute logits", images);
    return await this.#run(() => this.#bare.logits(images));
  }

  async inputGradients(images: Float32Array, labels: Targets): Promise<Float32Array> {
    this.#checkFree();
    checkTargets("compute gradients", this.#network, images, labels);
    checkPixels("compute gradients", images);
    return await this.#run(() => this.#bare.inputGradients(images, labels));
  }

  async gradCam(images: Float32Array, labels: Uint8Array): Promise<GradCam> {
    this.#checkFree();
    checkSamples("compute Grad-CAM", this.#network, images, labels);
    checkPixels("compute Grad-CAM", images);
    const layer = lastFeatureMaps(this.#network);
    return await this.#run(() => this.#bare.gradCam(layer, images, labels));
  }

  async recomputeStatistics(images: Float32Array): Promise<void> {
    this.#checkFree();
    checkBatches(this.#network, this.#batchSize, images);
    checkPixels("recompute statistics", images);
    await this.#run(() => this.#bare.recomputeStatistics(images));
  }

  async parameters(): Promise<readonly Parameter[]> {
    this.#checkFree();
    return await this.#run(() => this.#bare.parameters());
  }

  setParameters(parameters: readonly NewParameter[]): void {
    this.#checkFree();
    const values = checkParameters(this.#network, this.#shapes, parameters);
    this.#explained(() => this.#bare.setParameters(values));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end ??= this.#dispose();
  }

  async #dispose(): Promise<void> {
    await this.#call;
    try {
      await this.#bare[Symbol.asyncDispose]();
    } catch (error) {
      // A library that ran out of memory may have nothing left to give back.
      if (!(this.#explain(error) instanceof OutOfMemory)) throw error;
    }
  }

  /** The memory of an engine that was disposed of may belong to another one. */
  #checkFree(): void {
    if (this.#end) throw new TypeError("Cannot use engine: it was disposed of");
    if (this.#call) {
      throw new TypeError("Cannot use engine: the call before is not done; await it first");
    }
  }

  #checkLoss(loss: number): void {
    if (!Number.isFinite(loss)) throw new TrainingDiverged(this.#steps, loss);
  }

  /** Of pixels that are not finite no loss is, even where a library's ReLU makes 0 of NaN. */
  #checkLossOf(images: Float32Array): void {
    if (firstNotFinite(images) >= 0) this.#checkLoss(NaN);
  }

  /** Does what takes time; no other call begins until it is done. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#call = promise;
    try {
      return await work();
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#call = undefined;
      resolve();
    }
  }

  #explained(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    return explainError(error, this.#network, this.#batchSize);
  }
}
