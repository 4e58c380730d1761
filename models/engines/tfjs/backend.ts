import type { TfjsBackend } from "../choice.ts";
import { type Device, formatDevice } from "../device.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";
import { openTensorflow } from "./tensorflow.ts";
import { openWasm } from "./wasm.ts";
import { openWebgpu } from "./webgpu.ts";
import { tf } from "./packages.ts";

const open: Readonly<Record<TfjsBackend, (device: Device) => Promise<OpenBackend>>> = {
  tensorflow: openTensorflow,
  webgpu: openWebgpu,
  wasm: openWasm,
  cpu: async () => {
    await tf.setBackend("cpu");
    return { name: "cpu", read: readTensor };
  },
};

const opened = new Map<string, Promise<OpenBackend>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * Starts a backend, once for each thread, and one after another.
 *
 * @throws {DeviceUnavailable} If it is not there; the message says what to install.
 */
export function openBackend(name: TfjsBackend, device: Device): Promise<OpenBackend> {
  // Without this, TensorFlow.js prints advertisements for its packages.
  tf.enableProdMode();
  const key = `${name} ${formatDevice(device)}`;
  const backend = opened.get(key) ?? last.then(() => open[name](device));
  opened.set(key, backend);
  last = backend.catch(() => {});
  return backend;
}

/** Makes the following operations of this thread, up to the next `await`, use a backend. */
export function useBackend({ name }: OpenBackend): void {
  // Runs to its end before it returns, as the backend is open.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
