import type { TfjsBackend } from "../choice.ts";
import type { tf } from "./packages.ts";

/** A backend of TensorFlow.js that computes. */
export interface OpenBackend {
  readonly name: TfjsBackend;
  /** The values of a tensor; throws if an operation before failed. */
  read(tensor: tf.Tensor): Promise<Float32Array>;
}

/** The values of a tensor. */
export async function readTensor(tensor: tf.Tensor): Promise<Float32Array> {
  return await tensor.data() as Float32Array;
}
