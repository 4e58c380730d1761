import type { EngineOptions } from "../../models/mod.ts";

/** Where an engine computes. */
export type Where = Required<Pick<EngineOptions, "device" | "engine" | "backend">>;

const adapter = await navigator.gpu?.requestAdapter();
if (!adapter) {
  console.warn(
    "No WebGPU adapter: its tests are left out. " +
      "`apt-get install mesa-vulkan-drivers libvulkan1` brings one that is software.",
  );
}

/** The WebAssembly backend, which runs everywhere. */
export const wasm: Where = { engine: "tfjs", backend: "wasm", device: { type: "cpu" } };

/** The backends of TensorFlow.js that run here. */
export const backends: readonly Where[] = [
  { engine: "tfjs", backend: "cpu", device: { type: "cpu" } },
  wasm,
  ...(adapter
    ? [{ engine: "tfjs", backend: "webgpu", device: { type: "gpu", index: 0 } } as const]
    : []),
];
