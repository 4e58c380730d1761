import * as ort from "onnxruntime-node";
import { type Network, type PlacedLayer, placeLayers } from "../../network.ts";
import { elements } from "../../shape.ts";
import type { GradCam } from "../engine.ts";
import { backwardPass, forwardPass, names, reachedFrom } from "./compile.ts";
import { Graph } from "./graph.ts";

/** The name of the model's output, `[batch, height, width]`. */
const maps = "maps";
/** Samples of one run of the model. */
const batch = 64;

/** Computes Grad-CAM with a model of its own, which is loaded when it is first asked for. */
export class OnnxGradCam implements AsyncDisposable {
  readonly #network: Network;
  readonly #load: (model: Uint8Array) => Promise<ort.InferenceSession>;
  #session: ort.InferenceSession | undefined;

  /** @param load Loads a model where the engine computes. */
  constructor(network: Network, load: (model: Uint8Array) => Promise<ort.InferenceSession>) {
    this.#network = network;
    this.#load = load;
  }

  /**
   * See {@linkcode Engine.gradCam}.
   *
   * @param layer Gives the feature maps; the same at every call.
   */
  async compute(
    layer: PlacedLayer,
    parameters: Readonly<Record<string, ort.Tensor>>,
    images: Float32Array,
    labels: Uint8Array,
  ): Promise<GradCam> {
    const { input, classes } = this.#network;
    this.#session ??= await this.#load(gradCamModel(this.#network, layer));
    const [, height, width] = layer.outputShape as [number, number, number];
    const [imageSize, mapSize] = [elements(input), height * width];
    const result = new Float32Array(labels.length * mapSize);
    for (let first = 0; first < labels.length; first += batch) {
      const some = labels.subarray(first, first + batch);
      const pixels = new Float32Array(batch * imageSize);
      pixels.set(images.subarray(first * imageSize, (first + some.length) * imageSize));
      const targets = new Float32Array(batch * classes);
      some.forEach((label, sample) => targets[sample * classes + label] = 1);
      const outputs = await this.#session.run({
        ...parameters,
        [names.images]: new ort.Tensor(pixels, [batch, ...input]),
        [names.targets]: new ort.Tensor(targets, [batch, classes]),
      });
      const values = outputs[maps]!.data as Float32Array;
      result.set(values.subarray(0, some.length * mapSize), first * mapSize);
    }
    return { shape: [height, width], maps: result };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.release();
  }
}

/** A model that maps images, targets and parameters to one map for each image. */
function gradCamModel(network: Network, { layer, outputShape }: PlacedLayer): Uint8Array {
  const graph = new Graph();
  const places = placeLayers(network);
  const images = graph.input(names.images, [batch, ...network.input]);
  // Of the logits z: dz[label]/dz is 1 for the label and 0 for the others.
  const gradient = graph.input(names.targets, [batch, network.classes]);
  for (const { name, shape } of places.flatMap(({ parameters }) => parameters)) {
    graph.input(name, shape);
  }
  const options = { batch, block: 1, gradients: true, fuse: false };
  const { records } = forwardPass(graph, places, images, options);
  const wanted = reachedFrom(places, (place) => place.layer.name === layer.name);
  const { byLayer } = backwardPass(graph, places, records, gradient, wanted);
  const at = places.findIndex((place) => place.layer.name === layer.name);
  const weights = graph.node("GlobalAveragePool", [byLayer.get(layer.name)!]);
  const weighted = graph.node("Mul", [records[at]!.output.value, weights]);
  graph.rename(graph.node("Relu", [graph.sum(weighted, 1)]), maps);
  graph.output(maps, [batch, ...outputShape.slice(1)]);
  return graph.encode();
}
