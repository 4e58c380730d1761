import * as ort from "onnxruntime-node";
import { type Network, placeLayers } from "../../network.ts";
import { elements, type ParameterShape } from "../../shape.ts";
import { forwardPass, names } from "./compile.ts";
import { Graph } from "./graph.ts";
import { momentum } from "./layers/batch_norm.ts";
import { keptInput } from "./layers/dropout.ts";

/** The batches of {@linkcode OnnxStatistics}. */
interface Batches {
  readonly batch: number;
  /** See {@linkcode Activation}. */
  readonly block: number;
}

/**
 * Computes the moments of batches with a model of its own, which is loaded when it is first asked
 * for.
 */
export class OnnxStatistics implements AsyncDisposable {
  readonly #network: Network;
  readonly #batches: Batches;
  readonly #running: readonly ParameterShape[];
  readonly #load: (model: Uint8Array) => Promise<ort.InferenceSession>;
  #session: ort.InferenceSession | undefined;

  /** @param load Loads a model where the engine computes. */
  constructor(
    network: Network,
    batches: Batches,
    load: (model: Uint8Array) => Promise<ort.InferenceSession>,
  ) {
    this.#network = network;
    this.#batches = batches;
    this.#running = placeLayers(network)
      .flatMap(({ parameters }) => parameters)
      .filter(({ trained }) => !trained);
    this.#load = load;
  }

  /**
   * The running averages that {@linkcode Engine.recomputeStatistics} sets, by name.
   *
   * @param images One whole batch or several.
   */
  async compute(
    parameters: Readonly<Record<string, ort.Tensor>>,
    images: Float32Array,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    if (this.#running.length === 0) return new Map();
    const { batch } = this.#batches;
    const { input } = this.#network;
    this.#session ??= await this.#load(statisticsModel(this.#network, this.#batches));
    const feeds: Record<string, ort.Tensor> = { ...parameters };
    for (const { layer, outputShape } of placeLayers(this.#network)) {
      if (layer.kind === "dropout") {
        feeds[keptInput(layer.name)] = filled([batch, ...outputShape], 1);
      }
    }
    // Averages of 0 take a known share of the batch's moments, and nothing else.
    for (const { name, shape } of this.#running) feeds[name] = filled(shape, 0);
    const sums = new Map(
      this.#running.map(({ name, shape }) => [name, new Float64Array(elements(shape))]),
    );
    const size = batch * elements(input);
    for (let first = 0; first < images.length; first += size) {
      // A copy, as the library takes no memory that threads share.
      const pixels = images.slice(first, first + size);
      feeds[names.images] = new ort.Tensor(pixels, [batch, ...input]);
      const outputs = await this.#session.run(feeds);
      for (const [name, sum] of sums) {
        const shares = outputs[names.updated(name)]!.data as Float32Array;
        shares.forEach((share, i) => sum[i]! += share / momentum);
      }
    }
    const batches = images.length / size;
    return new Map(
      [...sums].map(([name, sum]) => [name, Float32Array.from(sum, (total) => total / batches)]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.release();
  }
}

/** A model that maps a batch and parameters to moved running averages. */
function statisticsModel(network: Network, { batch, block }: Batches): Uint8Array {
  const graph = new Graph();
  const places = placeLayers(network);
  const images = graph.input(names.images, [batch, ...network.input]);
  const parameters = places.flatMap((place) => place.parameters);
  for (const { name, shape } of parameters) graph.input(name, shape);
  const { records } = forwardPass(graph, places, images, { batch, block, training: true });
  const shapeOf = new Map(parameters.map(({ name, shape }) => [name, shape]));
  for (const { parameter, value } of records.flatMap(({ updates = [] }) => updates)) {
    graph.rename(value, names.updated(parameter));
    graph.output(names.updated(parameter), shapeOf.get(parameter)!);
  }
  return graph.encode();
}

function filled(shape: readonly number[], value: number): ort.Tensor {
  return new ort.Tensor(new Float32Array(elements(shape)).fill(value), shape);
}
