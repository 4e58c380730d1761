import type { Random } from "../../../random.ts";
import type { Layer, LayerOf } from "../../layers.ts";
import { convPadding } from "../../layers/conv.ts";
import type { PlacedLayer } from "../../network.ts";
import { elements } from "../../shape.ts";
import { normalize } from "./batch_norm.ts";
import { toEngineActivation } from "./layout.ts";
import { tf } from "./packages.ts";

/** What a forward pass that normalises by the batch also needs and gives. */
export interface TrainingPass {
  /** What dropout draws from; without it nothing is dropped. */
  readonly random?: Random;
  /** Batch statistics, one for each parameter that is not trained. They are kept tensors. */
  readonly observed: tf.Tensor[];
}

/** What a layer computes from. */
interface LayerInputs {
  /** Outputs of the layers it reads: `[samples, height, width, channels]` or `[samples, features]`. */
  readonly inputs: readonly tf.Tensor[];
  /** Its parameters, in this engine's layout. */
  readonly parameters: readonly tf.Tensor[];
  /** Its shapes. */
  readonly place: PlacedLayer;
  /** `undefined` in evaluation. */
  readonly training: TrainingPass | undefined;
}

type Rules = {
  readonly [Kind in Layer["kind"]]: (
    layer: LayerOf<Kind>,
    inputs: LayerInputs,
  ) => tf.Tensor;
};

const rules: Rules = {
  conv: (layer, { inputs: [input], parameters: [weight, bias] }) => {
    const { stride = 1 } = layer;
    const [before, after] = convPadding(layer);
    // TensorFlow's own "same" pads by another rule when the stride is not 1.
    const same = stride === 1 && layer.padding !== "valid";
    const padded = same || before + after === 0
      ? input!
      : tf.pad(input!, [[0, 0], [before, after], [before, after], [0, 0]]);
    const sum = tf.conv2d(
      padded as tf.Tensor4D,
      weight as tf.Tensor4D,
      stride,
      same ? "same" : "valid",
    );
    return bias ? tf.add(sum, bias) : sum;
  },
  batch_norm: (_, { inputs: [input], parameters, training }) =>
    normalize(input!, parameters, training?.observed),
  relu: (_, { inputs: [input] }) => tf.relu(input!),
  max_pool: ({ size }, { inputs: [input] }) =>
    tf.maxPool(input as tf.Tensor4D, size, size, "valid"),
  average_pool: ({ size }, { inputs: [input] }) =>
    tf.avgPool(input as tf.Tensor4D, size, size, "valid"),
  global_average_pool: (_, { inputs: [input] }) => tf.mean(input!, [1, 2]),
  flatten: (_, { inputs: [input] }) => {
    const rows = input!.rank === 4 ? tf.transpose(input!, [0, 3, 1, 2]) : input!;
    return tf.reshape(rows, [input!.shape[0]!, -1]);
  },
  dense: (_, { inputs: [input], parameters: [weight, bias] }) =>
    tf.add(tf.matMul(input as tf.Tensor2D, weight as tf.Tensor2D), bias!),
  add: (_, { inputs }) => inputs.reduce((sum, input) => tf.add(sum, input)),
  concat: (_, { inputs }) => tf.concat([...inputs], 3),
  shortcut: ({ filters, stride }, { inputs: [input] }) => {
    const pixels = everyPixel(input as tf.Tensor4D, stride);
    return tf.pad(pixels, [[0, 0], [0, 0], [0, 0], [0, filters - pixels.shape[3]]]);
  },
  dropout: ({ rate }, { inputs: [input], training, place }) => {
    const random = training?.random;
    if (!random || rate === 0) return input!;
    const kept = Float32Array.from(
      { length: elements(place.outputShape) * input!.shape[0]! },
      () => random.uniform() < rate ? 0 : 1 / (1 - rate),
    );
    return tf.mul(input!, toEngineActivation(kept, place.outputShape));
  },
};

/** Every `stride`th pixel. Strided slices of TensorFlow.js have no gradient. */
function everyPixel(input: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return input;
  const [samples, height, width, channels] = input.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const padded = tf.pad(input, [
    [0, 0],
    [0, rows * stride - height],
    [0, columns * stride - width],
    [0, 0],
  ]);
  const cells = tf.reshape(padded, [samples * rows, stride, columns, stride * channels]);
  const corners = tf.slice(cells, 0, [samples * rows, 1, columns, channels]);
  return tf.reshape(corners, [samples, rows, columns, channels]);
}

/** How {@linkcode forward} runs. */
interface PassOptions {
  /** Default: evaluation. */
  readonly training?: TrainingPass;
  /** Gives what is to be read in place of a layer's output. Default: the output. */
  readonly after?: (layer: Layer, output: tf.Tensor) => tf.Tensor;
}

/**
 * The logits of a batch.
 *
 * @param parameters In this engine's layout, in the order of the layers.
 * @param images `[samples, height, width, channels]`.
 */
export function forward(
  placed: readonly PlacedLayer[],
  parameters: readonly tf.Tensor[],
  images: tf.Tensor,
  { training, after = (_, output) => output }: PassOptions = {},
): tf.Tensor {
  const outputs = new Map([["input", images]]);
  let first = 0;
  let last = images;
  for (const place of placed) {
    const { layer, inputs, parameters: shapes } = place;
    const rule = rules[layer.kind] as (layer: Layer, inputs: LayerInputs) => tf.Tensor;
    const output = rule(layer, {
      inputs: inputs.map((name) => outputs.get(name)!),
      parameters: parameters.slice(first, first += shapes.length),
      place,
      training,
    });
    last = after(layer, output);
    outputs.set(layer.name, last);
  }
  return last;
}
