import { type Device, DeviceUnavailable } from "../device.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";
import { loadWebgpu, tf } from "./packages.ts";

/**
 * Starts TensorFlow.js' WebGPU backend.
 *
 * @throws {DeviceUnavailable} If it does not start.
 */
export async function openWebgpu(device: Device): Promise<OpenBackend> {
  await loadWebgpu();
  if (!await tf.setBackend("webgpu")) {
    throw new DeviceUnavailable(device, "TensorFlow.js could not start WebGPU");
  }
  // Invalid operations give zeros and report here; nothing throws.
  let failure: string | undefined;
  const gpu = (tf.backend() as unknown as { readonly device: GPUDevice }).device;
  gpu.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    failure ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  gpu.lost.then(({ message }) => failure ??= `the device was lost: ${message}`);
  return {
    name: "webgpu",
    read: async (tensor) => {
      const values = await readTensor(tensor);
      if (failure !== undefined) throw new Error(`WebGPU failed: ${failure}`);
      return values;
    },
  };
}
