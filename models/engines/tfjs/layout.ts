import { elements, type Shape } from "../../shape.ts";
import { tf } from "./packages.ts";

// TensorFlow.js keeps channels last, in activations `[samples, height, width, channels]` and in
// convolutions `[kernel, kernel, in, out]`.

/** A parameter's shape inside this engine. */
export function engineShape(shape: Shape): number[] {
  const [out, inputs, height, width] = shape;
  return shape.length === 4 ? [height!, width!, inputs!, out!] : [...shape];
}

/** Rearranges a parameter's values from the canonical layout to this engine's. */
export function toEngineLayout(values: Float32Array, shape: Shape): Float32Array {
  return shape.length === 4 ? transpose(values, shape, [2, 3, 1, 0]) : values;
}

/** Rearranges a parameter's values from this engine's layout to the canonical one. */
export function toCanonicalLayout(values: Float32Array, shape: Shape): Float32Array {
  return shape.length === 4 ? transpose(values, engineShape(shape), [3, 2, 0, 1]) : values;
}

/**
 * An activation of some samples, from the canonical layout.
 *
 * @param shape Of one sample: `[channels, height, width]` or `[features]`.
 */
export function toEngineActivation(values: Float32Array, shape: Shape): tf.Tensor {
  const tensor = tf.tensor(values, [values.length / elements(shape), ...shape]);
  return shape.length === 3 ? tf.transpose(tensor, [0, 2, 3, 1]) : tensor;
}

function transpose(values: Float32Array, shape: Shape, order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const [n, h, w, c] = order.map((axis) => shape[axis]!) as [number, number, number, number];
  const [sn, sh, sw, sc] = order.map((axis) => strides[axis]!) as [number, number, number, number];
  const result = new Float32Array(values.length);
  let to = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < h; j++) {
      for (let k = 0; k < w; k++) {
        for (let l = 0; l < c; l++) result[to++] = values[i * sn + j * sh + k * sw + l * sc]!;
      }
    }
  }
  return result;
}
