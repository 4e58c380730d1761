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

/** Channels, height and width of an image. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** What all layers have: a unique name and, where it is not the layer before, the layers it reads. */
interface Named {
  /** Unique in the network. `input` is the name of the images. */
  readonly name: string;
  /** Names of the layers read. Default: the layer before in the list. */
  readonly inputs?: readonly string[];
}

/** A square convolution. */
export interface Conv extends Named {
  readonly kind: "conv";
  /** Channels of the output. */
  readonly filters: number;
  /** Side of the kernel in pixels. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /**
   * `same` (the default) centres the kernel: `floor((kernel - 1) / 2)` zeros before and
   * `floor(kernel / 2)` after, so that an odd kernel of stride 1 keeps the size. `valid` adds none.
   */
  readonly padding?: "same" | "valid";
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
}

/** `max(x, 0)`. */
export interface Relu extends Named {
  readonly kind: "relu";
}

/** The maximum of each square window; windows do not overlap, and what is left at the edge is dropped. */
export interface MaxPool extends Named {
  readonly kind: "max_pool";
  /** Side and stride of the window. */
  readonly size: number;
}

/** Channels, rows and columns as one vector, in that order. */
export interface Flatten extends Named {
  readonly kind: "flatten";
}

/** `x W + b` of a vector. */
export interface Dense extends Named {
  readonly kind: "dense";
  /** Features of the output. */
  readonly units: number;
}

/** One layer of a network. */
export type Layer = Conv | Relu | MaxPool | Flatten | Dense;

/** A network for images of one shape; its last layer gives one logit for each class. */
export interface Network {
  readonly name: string;
  readonly input: ImageShape;
  readonly classes: number;
  readonly layers: readonly Layer[];
}

/** `[channels, height, width]` or `[features]`. */
export type Shape = readonly number[];

/** Zeros added before and after rows and columns, by a convolution's kernel and padding. */
export function convPadding(layer: Conv): readonly [before: number, after: number] {
  if (layer.padding === "valid") return [0, 0];
  return [Math.floor((layer.kernel - 1) / 2), Math.floor(layer.kernel / 2)];
}

/** A layer with everything that follows from its place in the network. */
export interface PlacedLayer {
  readonly layer: Layer;
  /** Names of the layers read. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly parameters: readonly ParameterShape[];
}

/** What a parameter is, apart from its values. */
export interface ParameterShape {
  /** `LAYER.weight` or `LAYER.bias`. */
  readonly name: string;
  readonly shape: Shape;
  /** Inputs of one output for weights, which sets the width of their first draw; 0 for vectors. */
  readonly fanIn: number;
}

/**
 * Checks a network and works out every shape.
 *
 * @returns The layers in order, each with its shapes and parameters.
 * @throws {RangeError} If a size is not a positive integer.
 * @throws {TypeError} If a name is missing or used twice, if a layer does not fit the shape it
 * reads, or if the last layer does not give one logit for each class.
 */
export function placeLayers(network: Network): readonly PlacedLayer[] {
  const shapes = new Map<string, Shape>([["input", network.input]]);
  for (const size of network.input) positive(network, "input", "size", size);
  const placed: PlacedLayer[] = [];
  let previous = "input";
  for (const layer of network.layers) {
    if (shapes.has(layer.name)) {
      throw new TypeError(`Cannot build ${network.name}: two layers are named "${layer.name}"`);
    }
    const inputs = layer.inputs ?? [previous];
    const inputShapes = inputs.map((input) => {
      const shape = shapes.get(input);
      if (!shape) {
        throw new TypeError(
          `Cannot build ${network.name}: layer "${layer.name}" reads "${input}", ` +
            `which is not a layer before it`,
        );
      }
      return shape;
    });
    const place = placeLayer(network, layer, inputShapes);
    placed.push({ layer, inputs, inputShapes, ...place });
    shapes.set(layer.name, place.outputShape);
    previous = layer.name;
  }
  const last = shapes.get(previous)!;
  if (last.length !== 1 || last[0] !== network.classes) {
    throw new TypeError(
      `Cannot build ${network.name}: the last layer "${previous}" gives ${show(last)}, ` +
        `expected one logit for each class, [${network.classes}]`,
    );
  }
  return placed;
}

/** The parameters of a network, in the order of its layers. */
export function parameterShapes(network: Network): readonly ParameterShape[] {
  return placeLayers(network).flatMap((placed) => placed.parameters);
}

/** How many numbers training adjusts. */
export function parameterCount(network: Network): number {
  return parameterShapes(network)
    .reduce((count, { shape }) => count + elements(shape), 0);
}

/** The product of a shape's sizes. */
export function elements(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

function placeLayer(
  network: Network,
  layer: Layer,
  inputs: readonly Shape[],
): { outputShape: Shape; parameters: readonly ParameterShape[] } {
  const where = `Cannot build ${network.name}: layer "${layer.name}" (${layer.kind})`;
  const input = inputs[0]!;
  const image = (): ImageShape => {
    if (input.length !== 3) {
      throw new TypeError(`${where} expects [channels, height, width], received ${show(input)}`);
    }
    return input as ImageShape;
  };
  switch (layer.kind) {
    case "conv": {
      const [channels, height, width] = image();
      const { filters, kernel, stride = 1 } = layer;
      for (const [what, size] of Object.entries({ filters, kernel, stride })) {
        positive(network, layer.name, what, size);
      }
      const [before, after] = convPadding(layer);
      const size = (side: number) => Math.floor((side + before + after - kernel) / stride) + 1;
      const outputShape = [filters, size(height), size(width)];
      if (size(height) < 1 || size(width) < 1) {
        throw new TypeError(`${where} has a ${kernel}x${kernel} kernel too big for ${show(input)}`);
      }
      const weight = {
        name: `${layer.name}.weight`,
        shape: [filters, channels, kernel, kernel],
        fanIn: channels * kernel * kernel,
      };
      const bias = { name: `${layer.name}.bias`, shape: [filters], fanIn: 0 };
      return { outputShape, parameters: layer.bias === false ? [weight] : [weight, bias] };
    }
    case "max_pool": {
      const [channels, height, width] = image();
      positive(network, layer.name, "size", layer.size);
      const outputShape = [
        channels,
        Math.floor(height / layer.size),
        Math.floor(width / layer.size),
      ];
      if (elements(outputShape) === 0) {
        throw new TypeError(
          `${where} has a ${layer.size}x${layer.size} window too big for ${show(input)}`,
        );
      }
      return { outputShape, parameters: [] };
    }
    case "relu":
      return { outputShape: input, parameters: [] };
    case "flatten":
      return { outputShape: [elements(input)], parameters: [] };
    case "dense": {
      if (input.length !== 1) {
        throw new TypeError(
          `${where} expects a vector, received ${show(input)}: put a flatten before`,
        );
      }
      positive(network, layer.name, "units", layer.units);
      const fanIn = input[0]!;
      return {
        outputShape: [layer.units],
        parameters: [
          { name: `${layer.name}.weight`, shape: [fanIn, layer.units], fanIn },
          { name: `${layer.name}.bias`, shape: [layer.units], fanIn: 0 },
        ],
      };
    }
    default:
      throw new TypeError(`${where} is of no known kind`);
  }
}

function positive(network: Network, layer: string, what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot build ${network.name}: ${what} of "${layer}" must be a positive integer, ` +
        `received ${value}`,
    );
  }
}

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
