import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import { type Device, DeviceUnavailable } from "../device.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";

/**
 * Starts TensorFlow.js' WebGPU backend on the first adapter, the only one that Deno offers.
 *
 * @throws {DeviceUnavailable} If there is no adapter, or another one was asked for.
 */
export async function openWebgpu(device: Device): Promise<OpenBackend> {
  if (device.type === "gpu" && device.index > 0) {
    throw new DeviceUnavailable(
      device,
      "WebGPU in Deno offers the first card only; use gpu:0, or the backend tensorflow",
    );
  }
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new DeviceUnavailable(
      device,
      "WebGPU finds no adapter; install the card's Vulkan driver, or Mesa's with " +
        "`apt-get install mesa-vulkan-drivers libvulkan1`",
    );
  }
  await import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0");
  if (!await tf.setBackend("webgpu")) {
    throw new DeviceUnavailable(
      device,
      `TensorFlow.js could not start WebGPU on ${adapter.info.description}`,
    );
  }
  // Invalid operations give zeros and report here; nothing throws.
  let failure: string | undefined;
  const gpu = (tf.backend() as unknown as { readonly device: GPUDevice }).device;
  gpu.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    failure ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  gpu.lost.then(({ message }) => failure ??= `the device was lost: ${message}`);
  const { description, isFallbackAdapter: software } = adapter.info;
  return {
    name: "webgpu",
    hardware: software ? `${description}, software` : description,
    software,
    read: async (tensor) => {
      const values = await readTensor(tensor);
      if (failure !== undefined) throw new Error(`WebGPU failed: ${failure}`);
      return values;
    },
  };
}
