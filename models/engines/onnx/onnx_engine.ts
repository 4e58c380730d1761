import * as ort from "onnxruntime-node";
import { Random } from "../../../random.ts";
import { drawParameter } from "../../initialize.ts";
import {
  elements,
  type Network,
  parameterCount,
  type ParameterShape,
  parameterShapes,
} from "../../network.ts";
import {
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Evaluation,
  type Parameter,
  type StepResult,
  TrainingDiverged,
} from "../engine.ts";
import { crossEntropy } from "../loss.ts";
import { UpdateKernel } from "../update/kernel.ts";
import { updateRule } from "../update/rules.ts";
import { blockSize } from "./block.ts";
import { type Batches, evaluationModel, names, trainingModel } from "./compile.ts";
import { padded } from "./layout.ts";

type Tensors = Record<string, ort.Tensor>;

/** Samples of one call of the evaluation model. */
const evaluationBatch = 64;

/** Trains with ONNX Runtime: forward pass, loss and all gradients are one graph. */
export class OnnxEngine implements Engine {
  readonly info: EngineInfo = {
    engine: "onnx",
    backend: "cpu",
    version: ort.env.versions.node ?? ort.env.versions.common,
  };
  readonly #network: Network;
  readonly #batch: number;
  readonly #shapes: readonly ParameterShape[];
  readonly #training: ort.InferenceSession;
  readonly #evaluation: ort.InferenceSession;
  readonly #kernel: UpdateKernel;
  readonly #values = new Map<string, Float32Array>();
  readonly #parameterInputs: Tensors = {};
  readonly #stepOutputs: Tensors = {};
  readonly #stepInputs: Tensors;
  readonly #stepLogits: ort.Tensor;
  readonly #evaluationImages: ort.Tensor;
  readonly #evaluationLogits: ort.Tensor;
  #step = 0;

  private constructor(
    { network, optimizer, batchSize }: EngineOptions,
    batch: number,
    training: ort.InferenceSession,
    evaluation: ort.InferenceSession,
  ) {
    this.#network = network;
    this.#batch = batchSize;
    this.#shapes = parameterShapes(network);
    this.#training = training;
    this.#evaluation = evaluation;
    this.#kernel = new UpdateKernel(updateRule(optimizer), parameterCount(network));
    let start = 0;
    for (const { name, shape } of this.#shapes) {
      const end = start + elements(shape);
      const [values, gradients] = [this.#kernel.weights, this.#kernel.gradients]
        .map((vector) => vector.subarray(start, end));
      this.#values.set(name, values!);
      this.#parameterInputs[name] = new ort.Tensor("float32", values!, shape);
      this.#stepOutputs[names.gradient(name)] = new ort.Tensor("float32", gradients!, shape);
      start = end;
    }
    this.#stepInputs = {
      [names.images]: zeros(batch, ...network.input),
      [names.targets]: zeros(batch, network.classes),
      [names.sampleWeights]: zeros(batch, 1),
    };
    this.#stepLogits = this.#stepOutputs[names.logits] = zeros(batch, network.classes);
    this.#evaluationImages = zeros(evaluationBatch, ...network.input);
    this.#evaluationLogits = zeros(evaluationBatch, network.classes);
  }

  /** See {@linkcode createEngine}. */
  static async create(options: EngineOptions): Promise<OnnxEngine> {
    const { network, batchSize, seed = 0 } = options;
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new RangeError(
        `Cannot create engine: batchSize must be a positive integer, received ${batchSize}`,
      );
    }
    const block = await blockSize();
    const batches = trainingBatches(batchSize, block);
    const training = await createSession(trainingModel(network, batches));
    const evaluation = await createSession(
      evaluationModel(network, { batch: evaluationBatch, chunk: evaluationBatch, block }),
    );
    const engine = new OnnxEngine(options, batches.batch, training, evaluation);
    engine.initialize(seed);
    return engine;
  }

  initialize(seed: number): void {
    const random = new Random(seed);
    for (const shape of this.#shapes) {
      drawParameter(this.#values.get(shape.name)!, shape, random);
    }
    this.#kernel.reset();
    this.#step = 0;
  }

  async trainStep(
    images: Float32Array,
    labels: Uint8Array,
    learningRate: number,
  ): Promise<StepResult> {
    this.#checkSamples("train", images, labels);
    const samples = labels.length;
    if (samples < 1 || samples > this.#batch) {
      throw new TypeError(
        `Cannot train: expected 1 to ${this.#batch} samples, received ${samples}`,
      );
    }
    if (!(learningRate > 0 && learningRate < Infinity)) {
      throw new RangeError(
        `Cannot train: the learning rate must be positive, received ${learningRate}`,
      );
    }
    this.#fillStep(images, labels);
    await this.#training.run({ ...this.#stepInputs, ...this.#parameterInputs }, this.#stepOutputs);
    const sums = crossEntropy(floats(this.#stepLogits), labels, this.#network.classes);
    const loss = sums.loss / samples;
    if (!Number.isFinite(loss)) throw new TrainingDiverged(this.#step, loss);
    this.#kernel.update(++this.#step, learningRate);
    return { loss, correct: sums.correct };
  }

  async evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation> {
    this.#checkSamples("evaluate", images, labels);
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
    if (images.length % size !== 0) {
      throw new TypeError(
        `Cannot compute logits: expected images of ${this.#network.input.join(" x ")} = ${size} ` +
          `values, received ${images.length} values`,
      );
    }
    const { classes } = this.#network;
    const result = new Float32Array(images.length / size * classes);
    for await (const { first, samples, logits } of this.#logitsByChunk(images)) {
      result.set(logits.subarray(0, samples * classes), first * classes);
    }
    return result;
  }

  parameters(): Promise<readonly Parameter[]> {
    return Promise.resolve(this.#shapes.map(({ name, shape }) => ({
      name,
      shape,
      values: this.#values.get(name)!.slice(),
    })));
  }

  setParameters(parameters: readonly Pick<Parameter, "name" | "values">[]): void {
    const given = new Map(parameters.map(({ name, values }) => [name, values]));
    for (const { name, shape } of this.#shapes) {
      const length = given.get(name)?.length;
      if (length !== elements(shape)) {
        throw new TypeError(
          `Cannot set parameter "${name}": expected [${shape.join(", ")}] = ${elements(shape)} ` +
            `values, received ${length ?? "none"}`,
        );
      }
    }
    if (given.size !== this.#shapes.length) {
      const known = new Set(this.#shapes.map(({ name }) => name));
      const unknown = [...given.keys()].filter((name) => !known.has(name));
      throw new TypeError(
        `Cannot set parameters: ${this.#network.name} has no ${unknown.join(", ")}`,
      );
    }
    for (const [name, values] of given) this.#values.get(name)!.set(values);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#training.release();
    await this.#evaluation.release();
  }

  #fillStep(images: Float32Array, labels: Uint8Array): void {
    const { classes } = this.#network;
    const inputs = this.#stepInputs;
    floats(inputs[names.images]!).set(images);
    const targets = floats(inputs[names.targets]!).fill(0);
    for (let i = 0; i < labels.length; i++) targets[i * classes + labels[i]!] = 1;
    floats(inputs[names.sampleWeights]!).fill(0).fill(1 / labels.length, 0, labels.length);
  }

  async *#logitsByChunk(images: Float32Array) {
    const size = elements(this.#network.input);
    for (let first = 0; first * size < images.length; first += evaluationBatch) {
      const chunk = images.subarray(first * size, (first + evaluationBatch) * size);
      floats(this.#evaluationImages).set(chunk);
      await this.#evaluation.run(
        { [names.images]: this.#evaluationImages, ...this.#parameterInputs },
        { [names.logits]: this.#evaluationLogits },
      );
      yield { first, samples: chunk.length / size, logits: floats(this.#evaluationLogits) };
    }
  }

  #checkSamples(what: string, images: Float32Array, labels: Uint8Array): void {
    const { input, classes } = this.#network;
    const expected = labels.length * elements(input);
    if (images.length !== expected) {
      throw new TypeError(
        `Cannot ${what}: expected ${labels.length} images of ${input.join(" x ")} = ${expected} ` +
          `values for ${labels.length} labels, received ${images.length} values`,
      );
    }
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0) {
      throw new RangeError(
        `Cannot ${what}: labels must be below ${classes}, received ${labels[wrong]} at ${wrong}`,
      );
    }
  }
}

function trainingBatches(batchSize: number, block: number): Batches {
  const batch = padded(batchSize, block);
  const chunk = batch > 32 && batch % 32 === 0 ? 32 : batch;
  return { batch, chunk, block };
}

async function createSession(model: Uint8Array): Promise<ort.InferenceSession> {
  return await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
}

function zeros(...shape: readonly number[]): ort.Tensor {
  return new ort.Tensor("float32", new Float32Array(elements(shape)), shape);
}

function floats(tensor: ort.Tensor): Float32Array {
  return tensor.data as Float32Array;
}
