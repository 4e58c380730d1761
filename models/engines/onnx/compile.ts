import { kindOf } from "../../layers.ts";
import { type Network, type PlacedLayer, placeLayers } from "../../network.ts";
import { Graph } from "./graph.ts";
import { type OnnxLayer, onnxLayers } from "./layers.ts";
import { ChannelMoments } from "./layers/channel_moments.ts";
import type { Forward, Fusion, Kind, LayerContext } from "./layers/rule.ts";
import type { Activation } from "./layout.ts";
import { findFusions, poolBeforeRelu } from "./rewrite.ts";

/** The names by which the models' inputs and outputs are known. */
export const names = {
  images: "images",
  /** The labels one-hot, `[batch, classes]`. */
  targets: "targets",
  /** The weight of each sample in the loss, `[batch, 1]`. */
  sampleWeights: "sample_weights",
  logits: "logits",
  updated: (parameter: string): string => `${parameter}.updated`,
  gradient: (parameter: string): string => `${parameter}.gradient`,
} as const;

/** The batch sizes of a model. */
export interface Batches {
  /** Samples of one run of the model. */
  readonly batch: number;
  /**
   * Samples that pass through all layers together, so that they stay in the cache; divides `batch`,
   * and is the whole batch where layers look at it as one ({@linkcode seesWholeBatch}).
   */
  readonly chunk: number;
  /** Channels of a block, see {@linkcode Activation}; where it is above 1 it divides `chunk`. */
  readonly block: number;
}

/** Whether a network has layers that must see a batch as one, or are given a value for each. */
export function seesWholeBatch({ layers }: Network): boolean {
  return layers.some((layer) => kindOf(layer).samples !== "alone");
}

/** A model that maps images and parameters to logits. */
export function evaluationModel(network: Network, { batch, block }: Batches): Uint8Array {
  const graph = new Graph();
  const places = placeLayers(network);
  const images = graph.input(names.images, [batch, ...network.input]);
  for (const { name, shape } of places.flatMap(({ parameters }) => parameters)) {
    graph.input(name, shape);
  }
  const { logits } = forwardPass(graph, places, images, { batch, block });
  graph.rename(logits, names.logits);
  graph.output(names.logits, [batch, network.classes]);
  return graph.encode();
}

/** A model that maps images, targets, sample weights and parameters to logits and gradients. */
export function trainingModel(network: Network, { batch, chunk, block }: Batches): Uint8Array {
  const graph = new Graph();
  const places = poolBeforeRelu(placeLayers(network));
  const parameters = places.flatMap((place) => place.parameters);
  const split = (value: string): string[] =>
    batch === chunk ? [value] : graph.nodes("Split", [value], batch / chunk, {
      attributes: { axis: { int: 0 } },
    });
  const images = split(graph.input(names.images, [batch, ...network.input]));
  const targets = split(graph.input(names.targets, [batch, network.classes]));
  const weights = split(graph.input(names.sampleWeights, [batch, 1]));
  for (const { name, shape } of parameters) graph.input(name, shape);
  const shapeOf = new Map(parameters.map(({ name, shape }) => [name, shape]));

  const gradients = new Map<string, string>();
  const logits = images.map((value, index) => {
    const forward = forwardPass(graph, places, value, {
      batch: chunk,
      block,
      training: true,
      gradients: true,
    });
    for (const { parameter, value } of forward.records.flatMap(({ updates = [] }) => updates)) {
      graph.rename(value, names.updated(parameter));
      graph.output(names.updated(parameter), shapeOf.get(parameter)!);
    }
    // Of the logits z, with the sample's target t and weight w: dL/dz = w (softmax(z) - t).
    const probabilities = graph.node("Softmax", [forward.logits]);
    const miss = graph.node("Sub", [probabilities, targets[index]!]);
    const gradient = graph.node("Mul", [miss, weights[index]!]);
    const trained = reachedFrom(places, (place) => place.parameters.length > 0);
    const { byParameter } = backwardPass(graph, places, forward.records, gradient, trained);
    for (const [name, part] of byParameter) {
      accumulate(graph, gradients, name, part);
    }
    return forward.logits;
  });
  graph.rename(logits.length === 1 ? logits[0]! : graph.concat(0, ...logits), names.logits);
  graph.output(names.logits, [batch, network.classes]);

  for (const { name, shape } of parameters.filter(({ trained }) => trained)) {
    graph.rename(gradients.get(name)!, names.gradient(name));
    graph.output(names.gradient(name), shape);
  }
  return graph.encode();
}

/** How {@linkcode forwardPass} runs. */
export interface PassOptions extends Pick<LayerContext<Kind>, "batch" | "block"> {
  /** Whether values are dropped, and normalised by their batch. Default false. */
  readonly training?: boolean;
  /** Whether {@linkcode backwardPass} follows. Default false. */
  readonly gradients?: boolean;
  /** Whether a layer may compute the one after it, too. Default true. */
  readonly fuse?: boolean;
}

/**
 * Adds all layers.
 *
 * @returns The logits, and for each layer its output and the way back.
 */
export function forwardPass(
  graph: Graph,
  places: readonly PlacedLayer[],
  images: string,
  { batch, block, training = false, gradients = false, fuse = true }: PassOptions,
): { logits: string; records: readonly Forward[] } {
  const fusions = fuse ? findFusions(places, gradients && block > 1) : new Map<string, Fusion>();
  const shape = places[0]!.inputShapes[0]!;
  const values = new Map<string, Activation>([["input", { value: images, shape, block: 1 }]]);
  const moments = new ChannelMoments(graph, batch);
  const records = places.map((place) => {
    const { layer } = place;
    const { rule } = onnxLayers[layer.kind] as OnnxLayer<Kind>;
    const record = rule({
      graph,
      layer,
      place,
      batch,
      block,
      training,
      gradients,
      moments,
      fusion: fusions.get(layer.name) ?? "none",
      inputs: place.inputs.map((name) => values.get(name)!),
      parameters: place.parameters.map(({ name }) => name),
    });
    values.set(layer.name, record.output);
    return record;
  });
  return { logits: records.at(-1)!.output.value, records };
}

/** The names of the layers that some layers change: those themselves and all that read them. */
export function reachedFrom(
  places: readonly PlacedLayer[],
  from: (place: PlacedLayer) => boolean,
): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const place of places) {
    if (from(place) || place.inputs.some((name) => reached.has(name))) {
      reached.add(place.layer.name);
    }
  }
  return reached;
}

/**
 * Adds the way back.
 *
 * @param gradient By the logits.
 * @param wanted The layers whose outputs get a gradient, with all that read them.
 * @returns The gradients by the outputs of these layers, and by their parameters.
 */
export function backwardPass(
  graph: Graph,
  places: readonly PlacedLayer[],
  records: readonly Forward[],
  gradient: string,
  wanted: ReadonlySet<string>,
): {
  readonly byLayer: ReadonlyMap<string, string>;
  readonly byParameter: ReadonlyMap<string, string>;
} {
  const byLayer = new Map([[places.at(-1)!.layer.name, gradient]]);
  const byParameter = new Map<string, string>();
  for (const [index, place] of [...places.entries()].reverse()) {
    const own = byLayer.get(place.layer.name);
    if (own === undefined || !wanted.has(place.layer.name)) continue;
    const wantInputs = place.inputs.some((name) => wanted.has(name));
    const others = place.inputs.map((name) => byLayer.get(name));
    const { inputs, parameters, added } = records[index]!.backward(own, wantInputs, others);
    for (const [at, name] of place.inputs.entries()) {
      if (!wanted.has(name)) continue;
      if (added) byLayer.set(name, inputs[at]!);
      else accumulate(graph, byLayer, name, inputs[at]!);
    }
    for (const [at, gradient] of parameters.entries()) {
      byParameter.set(place.parameters[at]!.name, gradient);
    }
  }
  return { byLayer, byParameter };
}

function accumulate(graph: Graph, sums: Map<string, string>, name: string, value: string): void {
  const sum = sums.get(name);
  sums.set(name, sum === undefined ? value : graph.node("Add", [sum, value]));
}
