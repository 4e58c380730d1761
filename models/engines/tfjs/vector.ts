import { elements, type ParameterShape } from "../../shape.ts";
import { engineShape, toCanonicalLayout, toEngineLayout } from "./layout.ts";
import { tf } from "./packages.ts";

/** Some parameters of a network as one vector on the device. */
export class ParameterVector {
  readonly #parameters: readonly ParameterShape[];
  readonly #sizes: readonly number[];

  /** @param parameters In the order in which they lie in the vector. */
  constructor(parameters: readonly ParameterShape[]) {
    this.#parameters = parameters;
    this.#sizes = parameters.map(({ shape }) => elements(shape));
  }

  /**
   * The vector.
   *
   * @param valuesOf Gives a parameter's values in the canonical layout.
   */
  upload(valuesOf: (parameter: ParameterShape) => Float32Array): tf.Tensor {
    const vector = new Float32Array(this.#sizes.reduce((sum, size) => sum + size, 0));
    let first = 0;
    for (const parameter of this.#parameters) {
      const values = toEngineLayout(valuesOf(parameter), parameter.shape);
      vector.set(values, first);
      first += values.length;
    }
    return tf.tensor1d(vector);
  }

  /** The vector of tensors that have the parameters' sizes. */
  join(tensors: readonly tf.Tensor[]): tf.Tensor {
    if (tensors.length === 0) return tf.tensor1d([]);
    return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
  }

  /** The parameters, in this engine's layout. */
  split(vector: tf.Tensor): tf.Tensor[] {
    if (this.#sizes.length === 0) return [];
    return tf.split(vector, [...this.#sizes])
      .map((part, i) => tf.reshape(part, engineShape(this.#parameters[i]!.shape)));
  }

  /** The parameters' values by name, in the canonical layout. */
  download(vector: Float32Array): Map<string, Float32Array> {
    let first = 0;
    return new Map(this.#parameters.map(({ name, shape }, i) => {
      const values = vector.slice(first, first += this.#sizes[i]!);
      return [name, toCanonicalLayout(values, shape)];
    }));
  }
}
