import { type Device, formatDevice } from "./device.ts";

/** A library that trains. */
export type EngineName = "onnx" | "tfjs";

/** What ONNX Runtime can compute with. */
export type OnnxBackend = "cpu" | "cuda" | "webgpu";

/** What TensorFlow.js can compute with. */
export type TfjsBackend = "cpu" | "wasm" | "tensorflow" | "webgpu";

/** What an engine can compute with. */
export type Backend = OnnxBackend | TfjsBackend;

/** An engine and its backend. */
export type EngineChoice =
  | { readonly engine: "onnx"; readonly backend: OnnxBackend }
  | { readonly engine: "tfjs"; readonly backend: TfjsBackend };

/** What there is for each type of device, in the order in which `auto` tries it. */
const choices: Readonly<Record<Device["type"], readonly EngineChoice[]>> = {
  cpu: [
    { engine: "onnx", backend: "cpu" },
    { engine: "tfjs", backend: "wasm" },
    { engine: "tfjs", backend: "cpu" },
  ],
  gpu: [
    { engine: "tfjs", backend: "tensorflow" },
    { engine: "onnx", backend: "cuda" },
    { engine: "tfjs", backend: "webgpu" },
    { engine: "onnx", backend: "webgpu" },
  ],
};

/** The names of engines, for options. */
export const engineNames: readonly EngineName[] = ["onnx", "tfjs"];

/**
 * What can compute on a device, in the order in which it is tried.
 *
 * @param engine Default `auto`: any.
 * @param backend Default `auto`: any.
 * @throws {RangeError} If no such engine has such a backend for such a device.
 */
export function engineChoices(
  device: Device,
  engine: EngineName | "auto" = "auto",
  backend: Backend | "auto" = "auto",
): readonly EngineChoice[] {
  const found = choices[device.type].filter((choice) =>
    (engine === "auto" || engine === choice.engine) &&
    (backend === "auto" || backend === choice.backend)
  );
  if (found.length === 0) {
    const known = choices[device.type].map(formatChoice).join(", ");
    throw new RangeError(
      `Cannot choose an engine for ${formatDevice(device)}: expected one of ${known}, ` +
        `received ${formatChoice({ engine, backend })}`,
    );
  }
  return found;
}

/** `ENGINE/BACKEND`. */
export function formatChoice({ engine, backend }: { engine: string; backend: string }): string {
  return `${engine}/${backend}`;
}
