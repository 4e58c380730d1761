import type * as tf from "npm:@tensorflow/tfjs@4.22.0";
import type { Backend } from "../choice.ts";

/** A backend of TensorFlow.js that computes. */
export interface OpenBackend {
  readonly name: Backend;
  /** The card, where the backend tells. */
  readonly hardware?: string;
  /** Whether it is a GPU's backend that computes on the processor, with a software driver. */
  readonly software: boolean;
  /** The values of a tensor; throws if an operation before failed. */
  read(tensor: tf.Tensor): Promise<Float32Array>;
}

/** The values of a tensor. */
export async function readTensor(tensor: tf.Tensor): Promise<Float32Array> {
  return await tensor.data() as Float32Array;
}
