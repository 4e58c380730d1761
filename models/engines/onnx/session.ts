import * as ort from "onnxruntime-node";
import type { OnnxBackend } from "../choice.ts";
import { type Device, DeviceUnavailable } from "../device.ts";

// What goes wrong is thrown; ONNX Runtime would print it too.
ort.env.logLevel = "fatal";

/** How to get ONNX Runtime's CUDA provider; its script does nothing under npx without the variable. */
const installCuda = 'set "nodeModulesDir": "auto" in deno.json, run ' +
  "`ONNXRUNTIME_NODE_INSTALL=true deno install --allow-scripts=npm:onnxruntime-node`, " +
  "and install CUDA 12 and cuDNN 9";

/**
 * Loads a model where it will run.
 *
 * @throws {DeviceUnavailable} If the backend is not there, or would leave a part of the model to the
 * processor.
 */
export async function createSession(
  model: Uint8Array,
  backend: OnnxBackend,
  device: Device,
): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 4,
  };
  if (device.type === "cpu") {
    return await ort.InferenceSession.create(model, { ...options, executionProviders: ["cpu"] });
  }
  try {
    return await ort.InferenceSession.create(model, {
      ...options,
      executionProviders: [
        backend === "cuda" ? { name: "cuda", deviceId: device.index } : "webgpu",
      ],
      extra: { session: { disable_cpu_ep_fallback: "1" } },
    });
  } catch (error) {
    throw new DeviceUnavailable(device, reasonOf((error as Error).message));
  }
}

/**
 * Runs a model and leaves its outputs in `outputs`. ONNX Runtime's binding returns a copy of them,
 * too, for which nobody has a use: freed at once, they do not wait for the garbage collector.
 */
export async function run(
  session: ort.InferenceSession,
  inputs: Readonly<Record<string, ort.Tensor>>,
  outputs: Readonly<Record<string, ort.Tensor>>,
): Promise<void> {
  const copies = await session.run(inputs, outputs);
  for (const { data } of Object.values(copies)) {
    (data as Float32Array<ArrayBuffer>).buffer.transfer(0);
  }
}

function reasonOf(message: string): string {
  if (message.includes("Failed to load shared library")) {
    return `ONNX Runtime's CUDA provider is not installed; ${installCuda}`;
  }
  if (message.includes("Failed to get a WebGPU adapter")) {
    return "ONNX Runtime finds no WebGPU adapter that it can use; install the card's Vulkan driver, " +
      "of Mesa's (`apt-get install mesa-vulkan-drivers libvulkan1`) version 23 or later";
  }
  return `ONNX Runtime could not start: ${message.trim().replaceAll(/\s+/g, " ")}`;
}
