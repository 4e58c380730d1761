import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import { convPadding, type Layer, type PlacedLayer } from "../../network.ts";

/** What a layer computes from. */
interface Inputs {
  /** Outputs of the layers it reads: `[samples, height, width, channels]` or `[samples, features]`. */
  readonly inputs: readonly tf.Tensor[];
  /** Its parameters, in this engine's layout. */
  readonly parameters: readonly tf.Tensor[];
}

type Rules = {
  readonly [Kind in Layer["kind"]]: (
    layer: Extract<Layer, { readonly kind: Kind }>,
    inputs: Inputs,
  ) => tf.Tensor;
};

const rules: Rules = {
  conv: (layer, { inputs: [input], parameters: [weight, bias] }) => {
    const { stride = 1 } = layer;
    const [before, after] = convPadding(layer);
    // TensorFlow's own "same" pads by another rule when the stride is not 1.
    const padded = stride === 1 || before + after === 0
      ? input as tf.Tensor4D
      : tf.pad(input as tf.Tensor4D, [[0, 0], [before, after], [before, after], [0, 0]]);
    const pad = stride === 1 && layer.padding !== "valid" ? "same" : "valid";
    const sum = tf.conv2d(padded, weight as tf.Tensor4D, stride, pad);
    return bias ? tf.add(sum, bias) : sum;
  },
  relu: (_, { inputs: [input] }) => tf.relu(input!),
  max_pool: ({ size }, { inputs: [input] }) =>
    tf.maxPool(input as tf.Tensor4D, size, size, "valid"),
  flatten: (_, { inputs: [input] }) => {
    const rows = input!.rank === 4 ? tf.transpose(input!, [0, 3, 1, 2]) : input!;
    return tf.reshape(rows, [input!.shape[0]!, -1]);
  },
  dense: (_, { inputs: [input], parameters: [weight, bias] }) =>
    tf.add(tf.matMul(input as tf.Tensor2D, weight as tf.Tensor2D), bias!),
};

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
): tf.Tensor {
  const outputs = new Map([["input", images]]);
  let first = 0;
  let last = images;
  for (const { layer, inputs, parameters: shapes } of placed) {
    const rule = rules[layer.kind] as (layer: Layer, inputs: Inputs) => tf.Tensor;
    last = rule(layer, {
      inputs: inputs.map((name) => outputs.get(name)!),
      parameters: parameters.slice(first, first += shapes.length),
    });
    outputs.set(layer.name, last);
  }
  return last;
}
