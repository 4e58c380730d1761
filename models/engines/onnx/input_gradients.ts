import * as ort from "onnxruntime-node";
import { type Network, placeLayers } from "../../network.ts";
import { elements } from "../../shape.ts";
import type { Targets } from "../engine.ts";
import { fillShares, someTargets } from "../targets.ts";
import { backwardPass, forwardPass, names } from "./compile.ts";
import { Graph } from "./graph.ts";
import { poolBeforeRelu } from "./rewrite.ts";
import { run } from "./session.ts";

/** The name of the model's output, in the shape of the images. */
const gradients = "gradients";
/** Samples of one run of the model. */
const batch = 64;

interface Loaded {
  readonly session: ort.InferenceSession;
  readonly images: ort.Tensor;
  readonly targets: ort.Tensor;
  readonly gradients: ort.Tensor;
}

/** Computes the slopes of the loss by the pixels, with a model that is loaded when it is asked for. */
export class OnnxInputGradients implements AsyncDisposable {
  readonly #network: Network;
  readonly #block: number;
  readonly #load: (model: Uint8Array) => Promise<ort.InferenceSession>;
  #loaded: Loaded | undefined;

  /**
   * @param block Channels of a block, see {@linkcode Activation}.
   * @param load Loads a model where the engine computes.
   */
  constructor(
    network: Network,
    block: number,
    load: (model: Uint8Array) => Promise<ort.InferenceSession>,
  ) {
    this.#network = network;
    this.#block = block;
    this.#load = load;
  }

  /** See {@linkcode Engine.inputGradients}. */
  async compute(
    parameters: Readonly<Record<string, ort.Tensor>>,
    images: Float32Array,
    labels: Targets,
  ): Promise<Float32Array> {
    const { input, classes } = this.#network;
    const loaded = this.#loaded ??= await this.#open();
    const size = elements(input);
    const result = new Float32Array(images.length);
    for (let first = 0; first * size < images.length; first += batch) {
      const some = images.subarray(first * size, (first + batch) * size);
      floats(loaded.images).set(some);
      const end = first + some.length / size;
      fillShares(floats(loaded.targets), someTargets(labels, first, end, classes), classes);
      await run(
        loaded.session,
        { ...parameters, [names.images]: loaded.images, [names.targets]: loaded.targets },
        { [gradients]: loaded.gradients },
      );
      result.set(floats(loaded.gradients).subarray(0, some.length), first * size);
    }
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loaded?.session.release();
  }

  async #open(): Promise<Loaded> {
    const { input, classes } = this.#network;
    const tensor = (...shape: number[]) =>
      new ort.Tensor("float32", new Float32Array(elements(shape)), shape);
    return {
      session: await this.#load(inputGradientModel(this.#network, this.#block)),
      images: tensor(batch, ...input),
      targets: tensor(batch, classes),
      gradients: tensor(batch, ...input),
    };
  }
}

/** A model that maps images, targets and parameters to the slopes of each sample's loss. */
function inputGradientModel(network: Network, block: number): Uint8Array {
  const graph = new Graph();
  const places = poolBeforeRelu(placeLayers(network));
  const images = graph.input(names.images, [batch, ...network.input]);
  const targets = graph.input(names.targets, [batch, network.classes]);
  for (const { name, shape } of places.flatMap(({ parameters }) => parameters)) {
    graph.input(name, shape);
  }
  const { logits, records } = forwardPass(graph, places, images, {
    batch,
    block,
    gradients: true,
  });
  // Of the logits z, with the sample's target t: dL/dz = softmax(z) - t.
  const gradient = graph.node("Sub", [graph.node("Softmax", [logits]), targets]);
  const wanted = new Set(["input", ...places.map(({ layer }) => layer.name)]);
  const { byLayer } = backwardPass(graph, places, records, gradient, wanted);
  graph.rename(byLayer.get("input")!, gradients);
  graph.output(gradients, [batch, ...network.input]);
  return graph.encode();
}

function floats(tensor: ort.Tensor): Float32Array {
  return tensor.data as Float32Array;
}
