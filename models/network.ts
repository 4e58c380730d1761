/**
 * Networks as data: a network is its input shape, its number of classes and a list of layers. Each
 * training engine compiles the same list.
 *
 * Activations are `[channels, height, width]` per image, or `[features]` after a flatten or global
 * pooling. Parameters have one canonical layout whatever the engine does inside: convolutions
 * `[out, in, kernel, kernel]`, dense `[in, out]`, flatten in channel, row, column order.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { kindOf, type Layer, layerKinds } from "./layers.ts";
import { LayerCheck } from "./layers/layer_check.ts";
import type { Placement } from "./layers/layer_kind.ts";
import { elements, type ImageShape, type ParameterShape, type Shape } from "./shape.ts";

/** A network for images of one shape; its last layer gives one logit for each class. */
export interface Network {
  /** What messages and results call it. */
  readonly name: string;
  /** The shape of one image. */
  readonly input: ImageShape;
  /** How many classes there are. */
  readonly classes: number;
  /** In an order in which each layer comes after those it reads. */
  readonly layers: readonly Layer[];
}

/** A layer with everything that follows from its place in the network. */
export interface PlacedLayer {
  /** The layer as the network has it. */
  readonly layer: Layer;
  /** Names of the layers read. */
  readonly inputs: readonly string[];
  /** The shapes that these give. */
  readonly inputShapes: readonly Shape[];
  /** The shape that the layer gives. */
  readonly outputShape: Shape;
  /** The layer's parameters. */
  readonly parameters: readonly ParameterShape[];
}

/**
 * Checks a network and works out every shape.
 *
 * @returns The layers in order, each with its shapes and parameters.
 * @throws {RangeError} If a size is out of range.
 * @throws {TypeError} If a name is missing or used twice, if a layer does not fit the shape it
 * reads, or if the last layer does not give one logit for each class.
 */
export function placeLayers(network: Network): readonly PlacedLayer[] {
  const problem = (what: string) => new TypeError(`Cannot build ${network.name}: ${what}`);
  if (network.input.length !== 3) {
    throw problem(`the input must be [channels, height, width], received ${show(network.input)}`);
  }
  for (const size of network.input) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new RangeError(
        `Cannot build ${network.name}: the input's sizes must be positive integers, ` +
          `received ${show(network.input)}`,
      );
    }
  }
  const shapes = new Map<string, Shape>([["input", network.input]]);
  let previous = "input";
  const placed = network.layers.map((layer, index): PlacedLayer => {
    if (!layer.name) throw problem(`layer ${index + 1} (${layer.kind}) has no name`);
    if (shapes.has(layer.name)) throw problem(`two layers are named "${layer.name}"`);
    const inputs = layer.inputs ?? [previous];
    const inputShapes = inputs.map((input) => {
      const shape = shapes.get(input);
      if (shape) return shape;
      throw problem(`layer "${layer.name}" reads "${input}", which is not a layer before it`);
    });
    const place = placeLayer(network.name, layer, inputShapes);
    shapes.set(layer.name, place.outputShape);
    previous = layer.name;
    return { layer, inputs, inputShapes, ...place };
  });
  const last = shapes.get(previous)!;
  if (last.length !== 1 || last[0] !== network.classes) {
    throw problem(
      `the last layer "${previous}" gives ${show(last)}, ` +
        `expected one logit for each class, [${network.classes}]`,
    );
  }
  return placed;
}

/**
 * Whether a network can only be trained on whole batches: with batch normalisation, whose moments
 * missing samples would change.
 */
export function needsWholeBatches({ layers }: Network): boolean {
  return layers.some((layer) => kindOf(layer).samples === "together");
}

/** The parameters of a network, in the order of its layers. */
export function parameterShapes(network: Network): readonly ParameterShape[] {
  return placeLayers(network).flatMap((placed) => placed.parameters);
}

/** What a network is, as a SHA-256: the same for the same layers. */
export function networkSha256(network: Network): string {
  return createHash("sha256").update(JSON.stringify(network)).digest("hex");
}

/** How many numbers the optimiser adjusts. */
export function parameterCount(network: Network): number {
  return parameterShapes(network)
    .filter(({ trained }) => trained)
    .reduce((count, { shape }) => count + elements(shape), 0);
}

/** @param network Its name, for messages. */
function placeLayer(network: string, layer: Layer, inputs: readonly Shape[]): Placement {
  const check = new LayerCheck(network, layer, inputs);
  if (!layerKinds.includes(layer.kind)) {
    throw new TypeError(
      `${check.where} is of no known kind, expected one of ${layerKinds.join(", ")}`,
    );
  }
  return kindOf(layer).place(layer, check);
}

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
