import * as ort from "onnxruntime-node";
import { deriveSeed, Random } from "../../../random.ts";
import { ENGINE_STREAMS } from "../../../random_streams.ts";
import { drawParameter } from "../../initialize.ts";
import {
  needsWholeBatches,
  type Network,
  parameterCount,
  parameterShapes,
  type PlacedLayer,
  placeLayers,
} from "../../network.ts";
import { elements, type ParameterShape } from "../../shape.ts";
import type { BareEngine } from "../bare_engine.ts";
import type {
  EngineInfo,
  EngineOptions,
  Evaluation,
  GradCam,
  Parameter,
  StepResult,
  Targets,
} from "../engine.ts";
import type { OnnxBackend } from "../choice.ts";
import { crossEntropy, targetCrossEntropy } from "../loss.ts";
import { fillShares } from "../targets.ts";
import { UpdateKernel } from "../update/kernel.ts";
import { blockSize } from "./block.ts";
import { Buffers } from "./buffers.ts";
import { type Batches, evaluationModel, names, seesWholeBatch, trainingModel } from "./compile.ts";
import { freeMemory } from "./free_memory.ts";
import { keptInput } from "./layers/dropout.ts";
import { OnnxGradCam } from "./grad_cam.ts";
import { OnnxInputGradients } from "./input_gradients.ts";
import { padded } from "./layout.ts";
import { createSession, run } from "./session.ts";
import { OnnxStatistics } from "./statistics.ts";

type Tensors = Record<string, ort.Tensor>;

/** Samples of one call of the evaluation model. */
const evaluationBatch = 64;

/** Trains with ONNX Runtime: forward pass, loss and all gradients are one graph. */
export class OnnxEngine implements BareEngine {
  readonly info: EngineInfo;
  readonly #network: Network;
  readonly #shapes: readonly ParameterShape[];
  readonly #training: ort.InferenceSession;
  readonly #evaluation: ort.InferenceSession;
  readonly #gradCam: OnnxGradCam;
  readonly #inputGradients: OnnxInputGradients;
  readonly #statistics: OnnxStatistics;
  readonly #kernel: UpdateKernel;
  readonly #buffers = new Buffers();
  readonly #values = new Map<string, Float32Array>();
  readonly #parameterInputs: Tensors = {};
  readonly #stepOutputs: Tensors = {};
  readonly #stepInputs: Tensors;
  readonly #stepLogits: ort.Tensor;
  readonly #evaluationImages: ort.Tensor;
  readonly #evaluationLogits: ort.Tensor;
  readonly #dropouts: { readonly kept: Float32Array; readonly rate: number }[] = [];
  #dropoutRandom = new Random(0);

  private constructor(
    { network, optimizer, batchSize, device }: EngineOptions,
    { batch, block }: Batches,
    where: Pick<EngineInfo, "hardware"> & { readonly backend: OnnxBackend },
    training: ort.InferenceSession,
    evaluation: ort.InferenceSession,
  ) {
    const { node, common } = ort.env.versions;
    this.info = { engine: "onnx", version: node ?? common, ...where };
    this.#network = network;
    this.#shapes = parameterShapes(network);
    this.#training = training;
    this.#evaluation = evaluation;
    const load = (model: Uint8Array) => createSession(model, where.backend, device);
    this.#gradCam = new OnnxGradCam(network, load);
    this.#inputGradients = new OnnxInputGradients(network, block, load);
    this.#statistics = new OnnxStatistics(network, { batch: batchSize, block }, load);
    this.#kernel = new UpdateKernel(optimizer, parameterCount(network));
    let start = 0;
    for (const { name, shape, trained } of this.#shapes) {
      const end = start + (trained ? elements(shape) : 0);
      const values = trained
        ? this.#kernel.weights.subarray(start, end)
        : floats(this.#buffers.zeros(...shape));
      this.#values.set(name, values);
      this.#parameterInputs[name] = new ort.Tensor("float32", values, shape);
      if (trained) {
        const gradients = this.#kernel.gradients.subarray(start, end);
        this.#stepOutputs[names.gradient(name)] = new ort.Tensor("float32", gradients, shape);
      } else {
        this.#stepOutputs[names.updated(name)] = this.#buffers.zeros(...shape);
      }
      start = end;
    }
    this.#stepInputs = {
      [names.images]: this.#buffers.zeros(batch, ...network.input),
      [names.targets]: this.#buffers.zeros(batch, network.classes),
      [names.sampleWeights]: this.#buffers.zeros(batch, 1),
    };
    this.#stepLogits = this.#stepOutputs[names.logits] = this.#buffers.zeros(
      batch,
      network.classes,
    );
    for (const { layer, outputShape } of placeLayers(network)) {
      if (layer.kind !== "dropout") continue;
      const kept = this.#buffers.zeros(batch, ...outputShape);
      this.#dropouts.push({ kept: floats(kept), rate: layer.rate });
      this.#stepInputs[keptInput(layer.name)] = kept;
    }
    this.#evaluationImages = this.#buffers.zeros(evaluationBatch, ...network.input);
    this.#evaluationLogits = this.#buffers.zeros(evaluationBatch, network.classes);
  }

  /** See {@linkcode createEngine}. */
  static async create(
    options: EngineOptions,
    backend: OnnxBackend,
    hardware?: string,
  ): Promise<OnnxEngine> {
    const { network, batchSize, device, seed = 0 } = options;
    const block = backend === "cpu" ? await blockSize() : 1;
    const batches = trainingBatches(network, batchSize, block);
    const models = modelsOf(network, batches, block);
    const training = await createSession(models.training, backend, device);
    const evaluation = await createSession(models.evaluation, backend, device);
    const where = { backend, ...(hardware === undefined ? {} : { hardware }) };
    const engine = new OnnxEngine(options, batches, where, training, evaluation);
    engine.initialize(seed);
    return engine;
  }

  initialize(seed: number): void {
    const random = new Random(seed);
    for (const shape of this.#shapes) {
      drawParameter(this.#values.get(shape.name)!, shape, random);
    }
    this.#kernel.reset();
    this.#dropoutRandom = new Random(deriveSeed(seed, ENGINE_STREAMS.dropout));
  }

  async trainStep(
    images: Float32Array,
    labels: Targets,
    learningRate: number,
    step: number,
  ): Promise<StepResult> {
    this.#fillStep(images, labels);
    await run(this.#training, { ...this.#stepInputs, ...this.#parameterInputs }, this.#stepOutputs);
    const samples = images.length / elements(this.#network.input);
    const sums = targetCrossEntropy(floats(this.#stepLogits), labels, this.#network.classes);
    const result = { loss: sums.loss / samples, correct: sums.correct };
    if (!Number.isFinite(result.loss)) return result;
    this.#kernel.update(step, learningRate);
    for (const { name, trained } of this.#shapes) {
      if (!trained) this.#values.get(name)!.set(floats(this.#stepOutputs[names.updated(name)]!));
    }
    return result;
  }

  async evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation> {
    let [loss, correct] = [0, 0];
    for await (const { first, samples, logits } of this.#logitsByChunk(images)) {
      const sums = crossEntropy(
        logits,
        labels.subarray(first, first + samples),
        this.#network.classes,
      );
      loss += sums.loss;
      correct += sums.correct;
    }
    return { loss, correct };
  }

  async logits(images: Float32Array): Promise<Float32Array> {
    const size = elements(this.#network.input);
    const { classes } = this.#network;
    const result = new Float32Array(images.length / size * classes);
    for await (const { first, samples, logits } of this.#logitsByChunk(images)) {
      result.set(logits.subarray(0, samples * classes), first * classes);
    }
    return result;
  }

  inputGradients(images: Float32Array, labels: Targets): Promise<Float32Array> {
    return this.#inputGradients.compute(this.#parameterInputs, images, labels);
  }

  gradCam(layer: PlacedLayer, images: Float32Array, labels: Uint8Array): Promise<GradCam> {
    return this.#gradCam.compute(layer, this.#parameterInputs, images, labels);
  }

  async recomputeStatistics(images: Float32Array): Promise<void> {
    const averages = await this.#statistics.compute(this.#parameterInputs, images);
    for (const [name, values] of averages) this.#values.get(name)!.set(values);
  }

  parameters(): Promise<readonly Parameter[]> {
    return Promise.resolve(this.#shapes.map(({ name, shape }) => ({
      name,
      shape,
      values: this.#values.get(name)!.slice(),
    })));
  }

  setParameters(values: ReadonlyMap<string, Float32Array>): void {
    for (const [name, given] of values) this.#values.get(name)!.set(given);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#training.release();
    await this.#evaluation.release();
    await this.#gradCam[Symbol.asyncDispose]();
    await this.#inputGradients[Symbol.asyncDispose]();
    await this.#statistics[Symbol.asyncDispose]();
    this.#kernel[Symbol.dispose]();
    this.#buffers[Symbol.dispose]();
    freeMemory();
  }

  #fillStep(images: Float32Array, labels: Targets): void {
    const { classes, input } = this.#network;
    const samples = images.length / elements(input);
    const inputs = this.#stepInputs;
    floats(inputs[names.images]!).set(images);
    fillShares(floats(inputs[names.targets]!), labels, classes);
    floats(inputs[names.sampleWeights]!).fill(0).fill(1 / samples, 0, samples);
    for (const { kept, rate } of this.#dropouts) {
      for (let i = 0; i < kept.length; i++) {
        kept[i] = this.#dropoutRandom.uniform() < rate ? 0 : 1 / (1 - rate);
      }
    }
  }

  async *#logitsByChunk(images: Float32Array) {
    const size = elements(this.#network.input);
    for (let first = 0; first * size < images.length; first += evaluationBatch) {
      const chunk = images.subarray(first * size, (first + evaluationBatch) * size);
      floats(this.#evaluationImages).set(chunk);
      await run(
        this.#evaluation,
        { [names.images]: this.#evaluationImages, ...this.#parameterInputs },
        { [names.logits]: this.#evaluationLogits },
      );
      yield { first, samples: chunk.length / size, logits: floats(this.#evaluationLogits) };
    }
  }
}

/** Encoded models, by all that they depend on: an engine after another mostly has the same ones. */
const encoded = new Map<
  string,
  { readonly training: Uint8Array; readonly evaluation: Uint8Array }
>();

function modelsOf(network: Network, batches: Batches, block: number) {
  const key = JSON.stringify([network, batches, block]);
  const known = encoded.get(key);
  if (known) return known;
  const models = {
    training: trainingModel(network, batches),
    evaluation: evaluationModel(network, {
      batch: evaluationBatch,
      chunk: evaluationBatch,
      block,
    }),
  };
  encoded.set(key, models);
  return models;
}

function trainingBatches(network: Network, batchSize: number, block: number): Batches {
  if (needsWholeBatches(network) && batchSize % block !== 0) {
    // A batch that is filled up to whole blocks would have other moments.
    return { batch: batchSize, chunk: batchSize, block: 1 };
  }
  const batch = padded(batchSize, block);
  const chunk = batch % 64 === 0 && !seesWholeBatch(network) ? 64 : batch;
  return { batch, chunk, block };
}

function floats(tensor: ort.Tensor): Float32Array {
  return tensor.data as Float32Array;
}
