import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import type { Device } from "../device.ts";
import { openTensorflow } from "./tensorflow.ts";
import { openWasm } from "./wasm.ts";
import { openWebgpu } from "./webgpu.ts";

/** What TensorFlow.js can compute with. */
export type TfjsBackend = "tensorflow" | "webgpu" | "wasm" | "cpu";

/** A backend that computes. */
export interface OpenBackend {
  readonly name: TfjsBackend;
  /** The card, where the backend tells. */
  readonly hardware?: string;
  /** Throws if the backend has reported an error that no operation could throw. */
  check(): void;
}

const open: Readonly<Record<TfjsBackend, (device: Device) => Promise<OpenBackend>>> = {
  tensorflow: openTensorflow,
  webgpu: openWebgpu,
  wasm: openWasm,
  cpu: async () => {
    await tf.setBackend("cpu");
    return { name: "cpu", check: () => {} };
  },
};

const opened = new Map<TfjsBackend, OpenBackend>();

/**
 * Starts a backend, once for each thread.
 *
 * @throws {DeviceUnavailable} If it is not there; the message says what to install.
 */
export async function openBackend(name: TfjsBackend, device: Device): Promise<OpenBackend> {
  // Without this, TensorFlow.js prints advertisements for its packages.
  tf.enableProdMode();
  const backend = opened.get(name) ?? await open[name](device);
  opened.set(name, backend);
  useBackend(backend);
  return backend;
}

/** Makes the following operations of this thread, up to the next `await`, use a backend. */
export function useBackend({ name }: OpenBackend): void {
  // Runs to its end before it returns, as the backend is open.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
