import { type Device, DeviceUnavailable } from "./device.ts";

/**
 * Finds the WebGPU adapter of a device: the first one is the only one that Deno offers.
 *
 * @param software Whether an adapter is welcome that computes on the processor.
 * @returns What the adapter calls itself.
 * @throws {DeviceUnavailable} If there is none; the message says what to install.
 */
export async function findAdapter(device: Device, software: boolean): Promise<string> {
  if (device.type === "gpu" && device.index > 0) {
    throw new DeviceUnavailable(device, "WebGPU in Deno offers the first card only; use gpu:0");
  }
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new DeviceUnavailable(
      device,
      "WebGPU finds no adapter; install the card's Vulkan driver, or one that is software with " +
        "`apt-get install mesa-vulkan-drivers libvulkan1`",
    );
  }
  const { description, isFallbackAdapter } = adapter.info;
  if (!isFallbackAdapter) return description;
  if (software) return `${description}, software`;
  throw new DeviceUnavailable(
    device,
    `the only adapter is software, ${description}; to use it, ask for the backend webgpu`,
  );
}
