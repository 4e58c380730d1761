import { deriveSeed, Random } from "../../../random.ts";
import { ENGINE_STREAMS } from "../../../random_streams.ts";
import { drawParameter } from "../../initialize.ts";
import { type PlacedLayer, placeLayers } from "../../network.ts";
import { elements, type ImageShape, type ParameterShape } from "../../shape.ts";
import { updateRule } from "../../optimizers.ts";
import type { UpdateRule } from "../../optimizers/update_rule.ts";
import type { BareEngine } from "../bare_engine.ts";
import type { TfjsBackend } from "../choice.ts";
import type {
  EngineInfo,
  EngineOptions,
  Evaluation,
  GradCam,
  Parameter,
  StepResult,
  Targets,
} from "../engine.ts";
import { crossEntropy, targetCrossEntropy } from "../loss.ts";
import { fillShares, someTargets } from "../targets.ts";
import { openBackend, useBackend } from "./backend.ts";
import { gradCam } from "./grad_cam.ts";
import { forward, type TrainingPass } from "./layers.ts";
import { toEngineActivation } from "./layout.ts";
import type { OpenBackend } from "./open_backend.ts";
import { update } from "./update.ts";
import { ParameterVector } from "./vector.ts";
import { tf } from "./packages.ts";

/** Samples of one forward pass of an evaluation. */
const evaluationBatch = 256;
/** How far a running average moves towards a batch's value. */
const runningShare = 0.1;

/** What training changes. */
interface State {
  /** The parameters that the optimiser changes. */
  readonly weights: tf.Tensor;
  /** What the optimiser remembers, each with one number for each weight. */
  readonly slots: readonly tf.Tensor[];
  /** The running averages. */
  readonly running: tf.Tensor;
}

/**
 * Trains with TensorFlow.js. All parameters are one vector on the device, and so is each slot of
 * the optimiser: an update is a few operations however many layers there are.
 */
export class TfjsEngine implements BareEngine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #backend: OpenBackend;
  readonly #placed: readonly PlacedLayer[];
  readonly #parameters: readonly ParameterShape[];
  readonly #weights: ParameterVector;
  readonly #running: ParameterVector;
  readonly #rule: UpdateRule;
  #state: State;
  #random = new Random(0);

  private constructor(options: EngineOptions, backend: OpenBackend, hardware?: string) {
    this.info = {
      engine: "tfjs",
      backend: backend.name,
      version: tf.version.tfjs,
      ...(hardware === undefined ? {} : { hardware }),
    };
    this.#options = options;
    this.#backend = backend;
    this.#placed = placeLayers(options.network);
    this.#parameters = this.#placed.flatMap(({ parameters }) => parameters);
    this.#weights = new ParameterVector(this.#parameters.filter(({ trained }) => trained));
    this.#running = new ParameterVector(this.#parameters.filter(({ trained }) => !trained));
    this.#rule = updateRule(options.optimizer);
    this.#state = this.#draw(options.seed ?? 0);
  }

  /** See {@linkcode createEngine}. */
  static async create(
    options: EngineOptions,
    backend: TfjsBackend,
    hardware?: string,
  ): Promise<TfjsEngine> {
    return new TfjsEngine(options, await openBackend(backend, options.device), hardware);
  }

  initialize(seed: number): void {
    this.#replaceState(this.#draw(seed));
  }

  async trainStep(
    images: Float32Array,
    labels: Targets,
    learningRate: number,
    step: number,
  ): Promise<StepResult> {
    useBackend(this.#backend);
    const { logits, ...next } = tf.tidy(() => this.#next(images, labels, learningRate, step));
    const { input, classes } = this.#options.network;
    const sums = targetCrossEntropy(await this.#read(logits), labels, classes);
    const loss = sums.loss / (images.length / elements(input));
    if (Number.isFinite(loss)) this.#replaceState(next);
    else disposeState(next);
    return { loss, correct: sums.correct };
  }

  async evaluate(images: Float32Array, labels: Uint8Array): Promise<Evaluation> {
    return crossEntropy(await this.logits(images), labels, this.#options.network.classes);
  }

  async logits(images: Float32Array): Promise<Float32Array> {
    return await this.#inChunks(
      images,
      this.#options.network.classes,
      (batch) => this.#forward(this.#weights.split(this.#state.weights), batch),
    );
  }

  async inputGradients(images: Float32Array, labels: Targets): Promise<Float32Array> {
    const { input, classes } = this.#options.network;
    return await this.#inChunks(images, elements(input), (batch, first, count) => {
      const some = someTargets(labels, first, first + count, classes);
      const targets = sharesOf(some, count, classes);
      const weights = this.#weights.split(this.#state.weights);
      const gradient = tf.grad((pixels) =>
        tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(this.#forward(weights, pixels)))))
      )(batch);
      return tf.transpose(gradient, [0, 3, 1, 2]);
    });
  }

  async gradCam(
    layer: PlacedLayer,
    images: Float32Array,
    labels: Uint8Array,
  ): Promise<GradCam> {
    const { network } = this.#options;
    const [, height, width] = layer.outputShape as ImageShape;
    const maps = await this.#inChunks(images, height * width, (batch, first, count) => {
      const parameters = this.#inOrder(this.#weights.split(this.#state.weights));
      const some = labels.subarray(first, first + count);
      const targets = sharesOf(some, count, network.classes);
      return gradCam(this.#placed, layer, parameters, batch, targets);
    });
    return { shape: [height, width], maps };
  }

  async recomputeStatistics(images: Float32Array): Promise<void> {
    const { network, batchSize } = this.#options;
    const size = batchSize * elements(network.input);
    const sums = new Float64Array(this.#state.running.size);
    for (let first = 0; first < images.length && sums.length > 0; first += size) {
      useBackend(this.#backend);
      const moments = tf.tidy(() => {
        const observed: tf.Tensor[] = [];
        const batch = toEngineActivation(images.subarray(first, first + size), network.input);
        this.#forward(this.#weights.split(this.#state.weights), batch, { observed });
        const joined = this.#running.join(observed);
        tf.dispose(observed);
        return joined;
      });
      (await this.#read(moments)).forEach((value, i) => sums[i]! += value);
    }
    useBackend(this.#backend);
    const running = tf.tensor1d(Float32Array.from(sums, (sum) => sum / (images.length / size)));
    this.#state.running.dispose();
    this.#state = { ...this.#state, running };
  }

  async parameters(): Promise<readonly Parameter[]> {
    const { weights, running } = this.#state;
    const values = new Map([
      ...this.#weights.download(await this.#backend.read(weights)),
      ...this.#running.download(await this.#backend.read(running)),
    ]);
    return this.#parameters.map(({ name, shape }) => ({ name, shape, values: values.get(name)! }));
  }

  setParameters(values: ReadonlyMap<string, Float32Array>): void {
    const { weights, running, slots } = this.#state;
    this.#state = { slots, ...this.#upload(({ name }) => values.get(name)!) };
    tf.dispose([weights, running]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    disposeState(this.#state);
    return Promise.resolve();
  }

  /** The state before the first step. */
  #draw(seed: number): State {
    const random = new Random(seed);
    const parameters = this.#upload((parameter) => {
      const values = new Float32Array(elements(parameter.shape));
      drawParameter(values, parameter, random);
      return values;
    });
    const slots = Array.from(
      { length: this.#rule.slots },
      () => tf.zerosLike(parameters.weights),
    );
    this.#random = new Random(deriveSeed(seed, ENGINE_STREAMS.dropout));
    return { ...parameters, slots };
  }

  #upload(valuesOf: (parameter: ParameterShape) => Float32Array): Omit<State, "slots"> {
    useBackend(this.#backend);
    const values = new Map(this.#parameters.map((parameter) => [parameter, valuesOf(parameter)]));
    return {
      weights: this.#weights.upload((parameter) => values.get(parameter)!),
      running: this.#running.upload((parameter) => values.get(parameter)!),
    };
  }

  #replaceState(state: State): void {
    disposeState(this.#state);
    this.#state = state;
  }

  /** The state after one more step, and the logits before it. */
  #next(images: Float32Array, labels: Targets, learningRate: number, step: number) {
    const { input, classes } = this.#options.network;
    const { weights, slots, running } = this.#state;
    const batch = toEngineActivation(images, input);
    const targets = sharesOf(labels, images.length / elements(input), classes);
    const training: TrainingPass = { random: this.#random, observed: [] };
    let logits!: tf.Tensor;
    const gradients = tf.grads((...parameters) => {
      logits = tf.keep(this.#forward(parameters, batch, training));
      return tf.mean(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)));
    })(this.#weights.split(weights));
    const { weight, slots: next } = update(
      this.#rule,
      { weight: weights, slots },
      this.#weights.join(gradients),
      step,
      learningRate,
    );
    const moved = tf.mul(tf.sub(this.#running.join(training.observed), running), runningShare);
    tf.dispose(training.observed);
    return { logits, weights: weight, slots: [...next], running: tf.add(running, moved) };
  }

  #forward(weights: readonly tf.Tensor[], images: tf.Tensor, training?: TrainingPass): tf.Tensor {
    return forward(this.#placed, this.#inOrder(weights), images, training ? { training } : {});
  }

  /** All parameters, in the order of the layers. */
  #inOrder(weights: readonly tf.Tensor[]): tf.Tensor[] {
    const [trained, averages] = [[...weights], this.#running.split(this.#state.running)];
    return this.#parameters.map(({ trained: isTrained }) =>
      isTrained ? trained.shift()! : averages.shift()!
    );
  }

  /**
   * Computes on some samples at a time.
   *
   * @param size How many numbers there are for each sample.
   * @param compute Gives them, from the images, the first one's index and how many there are.
   */
  async #inChunks(
    images: Float32Array,
    size: number,
    compute: (batch: tf.Tensor, first: number, count: number) => tf.Tensor,
  ): Promise<Float32Array> {
    const { input } = this.#options.network;
    const imageSize = elements(input);
    const samples = images.length / imageSize;
    const result = new Float32Array(samples * size);
    for (let first = 0; first < samples; first += evaluationBatch) {
      const count = Math.min(evaluationBatch, samples - first);
      const chunk = images.subarray(first * imageSize, (first + count) * imageSize);
      useBackend(this.#backend);
      const part = tf.tidy(() => compute(toEngineActivation(chunk, input), first, count));
      result.set(await this.#read(part), first * size);
    }
    return result;
  }

  /** The values of a tensor, which is disposed of. */
  async #read(tensor: tf.Tensor): Promise<Float32Array> {
    const values = await this.#backend.read(tensor);
    tensor.dispose();
    return values;
  }
}

/** Shares of classes, `[samples, classes]`. */
function sharesOf(targets: Targets, samples: number, classes: number): tf.Tensor {
  const shares = new Float32Array(samples * classes);
  fillShares(shares, targets, classes);
  return tf.tensor2d(shares, [samples, classes]);
}

function disposeState({ weights, slots, running }: State): void {
  tf.dispose([weights, running, ...slots]);
}
