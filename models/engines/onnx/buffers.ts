import * as ort from "onnxruntime-node";
import { elements, type Shape } from "../../shape.ts";

/**
 * Arrays of disposed engines, by their lengths. The garbage collector is in no hurry with big arrays,
 * so without this an engine after another would pile them up.
 */
const spare = new Map<number, Float32Array<ArrayBuffer>[]>();

/** The arrays of one engine; the next engine gets them. */
export class Buffers implements Disposable {
  readonly #taken: Float32Array<ArrayBuffer>[] = [];

  /** A tensor of zeros. */
  zeros(...shape: Shape): ort.Tensor {
    const length = elements(shape);
    const values = spare.get(length)?.pop()?.fill(0) ?? new Float32Array(length);
    this.#taken.push(values);
    return new ort.Tensor("float32", values, shape);
  }

  /** Gives the arrays back; the tensors are not to be used again. */
  [Symbol.dispose](): void {
    for (const values of this.#taken.splice(0)) {
      const others = spare.get(values.length);
      if (others) others.push(values);
      else spare.set(values.length, [values]);
    }
  }
}
