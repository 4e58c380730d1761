import { type Network, type PlacedLayer, placeLayers } from "../../network.ts";
import type { UpdateRule } from "./optimizers.ts";
import { Graph } from "./graph.ts";
import { conv } from "./layers/conv.ts";
import { dense } from "./layers/dense.ts";
import { flatten } from "./layers/flatten.ts";
import { maxPool } from "./layers/max_pool.ts";
import { relu } from "./layers/relu.ts";
import type { Forward, LayerContext } from "./layers/rule.ts";

/** Adds a layer's nodes by the rule of its kind. */
function forward(graph: Graph, place: PlacedLayer, values: Map<string, string>, batch: number) {
  const { layer } = place;
  const context = {
    graph,
    place,
    batch,
    inputs: place.inputs.map((name) => values.get(name)!),
    parameters: place.parameters.map(({ name }) => name),
  };
  const of = <Kind extends PlacedLayer["layer"]["kind"]>(
    layer: Extract<PlacedLayer["layer"], { kind: Kind }>,
  ): LayerContext<Kind> => ({ ...context, layer });
  switch (layer.kind) {
    case "conv":
      return conv(of(layer));
    case "relu":
      return relu(of(layer));
    case "max_pool":
      return maxPool(of(layer));
    case "flatten":
      return flatten(of(layer));
    case "dense":
      return dense(of(layer));
  }
}

/** The names by which the models' inputs and outputs are known. */
export const names = {
  images: "images",
  /** The labels one-hot, `[batch, classes]`. */
  targets: "targets",
  /** The weight of each sample in the loss, `[batch, 1]`. */
  sampleWeights: "sample_weights",
  logits: "logits",
  scalar: (index: number): string => `scalar_${index}`,
  slot: (parameter: string, index: number): string => `${parameter}.slot${index}`,
  updated: (value: string): string => `${value}.new`,
} as const;

/** A model that maps images and parameters to logits. */
export function evaluationModel(network: Network, batch: number): Uint8Array {
  const graph = new Graph();
  forwardPass(graph, network, batch);
  return graph.encode();
}

/** A model that maps images, targets, parameters and slots to logits and new parameters and slots. */
export function trainingModel(network: Network, rule: UpdateRule, batch: number): Uint8Array {
  const graph = new Graph();
  const { places, records, logits } = forwardPass(graph, network, batch);
  const targets = graph.input(names.targets, [batch, network.classes]);
  const weights = graph.input(names.sampleWeights, [batch, 1]);
  const scalars = Array.from(
    { length: rule.scalars },
    (_, index) => graph.input(names.scalar(index), []),
  );

  // The gradient of softmax and cross-entropy: (softmax(z) - target) times the sample's weight.
  const probabilities = graph.node("Softmax", [logits]);
  const miss = graph.node("Sub", [probabilities, targets]);
  const gradients = new Map([[places.at(-1)!.layer.name, graph.node("Mul", [miss, weights])]]);
  const trained = new Set<string>();
  for (const { layer, inputs, parameters } of places) {
    if (parameters.length > 0 || inputs.some((name) => trained.has(name))) trained.add(layer.name);
  }
  for (const [index, place] of [...places.entries()].reverse()) {
    const gradient = gradients.get(place.layer.name);
    if (gradient === undefined || !trained.has(place.layer.name)) continue;
    const wantInputs = place.inputs.some((name) => trained.has(name));
    const back = records[index]!.backward(gradient, wantInputs);
    for (const [at, name] of place.inputs.entries()) {
      if (!trained.has(name)) continue;
      const other = gradients.get(name);
      const own = back.inputs[at]!;
      gradients.set(name, other === undefined ? own : graph.node("Add", [other, own]));
    }
    for (const [at, { name, shape }] of place.parameters.entries()) {
      const slots = Array.from(
        { length: rule.slots },
        (_, slot) => graph.input(names.slot(name, slot), shape),
      );
      const updated = rule.update(graph, name, back.parameters[at]!, slots, scalars);
      for (const [which, old] of [name, ...slots].entries()) {
        graph.node("Identity", [updated[which]!], { output: names.updated(old) });
        graph.output(names.updated(old), shape);
      }
    }
  }
  return graph.encode();
}

function forwardPass(graph: Graph, network: Network, batch: number) {
  const places = placeLayers(network);
  const values = new Map([["input", graph.input(names.images, [batch, ...network.input])]]);
  const records: Forward[] = [];
  for (const place of places) {
    for (const { name, shape } of place.parameters) graph.input(name, shape);
    const record = forward(graph, place, values, batch);
    records.push(record);
    values.set(place.layer.name, record.output);
  }
  const logits = graph.node("Identity", [records.at(-1)!.output], { output: names.logits });
  graph.output(logits, [batch, network.classes]);
  return { places, records, logits };
}
