import { type Device, formatDevice } from "./device.ts";

/** A library that trains. */
export type EngineName = "onnx" | "tfjs";

/** What an engine computes with. */
export type Backend = "cpu" | "wasm" | "tensorflow" | "webgpu";

/** An engine and its backend. */
export interface EngineChoice {
  readonly engine: EngineName;
  readonly backend: Backend;
}

/** What there is for each type of device, the fastest first. */
const choices: Readonly<Record<Device["type"], readonly EngineChoice[]>> = {
  cpu: [
    { engine: "onnx", backend: "cpu" },
    { engine: "tfjs", backend: "wasm" },
    { engine: "tfjs", backend: "cpu" },
  ],
  gpu: [
    { engine: "tfjs", backend: "tensorflow" },
    { engine: "tfjs", backend: "webgpu" },
  ],
};

/** The names of engines, for options. */
export const engineNames: readonly EngineName[] = ["onnx", "tfjs"];

/**
 * What can compute on a device, the fastest first.
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
