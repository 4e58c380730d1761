import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import type { Backend } from "../choice.ts";
import type { Device } from "../device.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";
import { openTensorflow } from "./tensorflow.ts";
import { openWasm } from "./wasm.ts";
import { openWebgpu } from "./webgpu.ts";

const open: Readonly<Record<Backend, (device: Device) => Promise<OpenBackend>>> = {
  tensorflow: openTensorflow,
  webgpu: openWebgpu,
  wasm: openWasm,
  cpu: async () => {
    await tf.setBackend("cpu");
    return { name: "cpu", software: false, read: readTensor };
  },
};

const opened = new Map<Backend, OpenBackend>();

/**
 * Starts a backend, once for each thread.
 *
 * @throws {DeviceUnavailable} If it is not there; the message says what to install.
 */
export async function openBackend(name: Backend, device: Device): Promise<OpenBackend> {
  // Without this, TensorFlow.js prints advertisements for its packages.
  tf.enableProdMode();
  const backend = opened.get(name) ?? await open[name](device);
  opened.set(name, backend);
  return backend;
}

/** Makes the following operations of this thread, up to the next `await`, use a backend. */
export function useBackend({ name }: OpenBackend): void {
  // Runs to its end before it returns, as the backend is open.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
