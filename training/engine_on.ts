/**
 * The engine of whoever trains on a device.
 *
 * @module
 */
import {
  type Backend,
  createEngine,
  type Engine,
  type EngineInfo,
  type EngineName,
  type EngineOptions,
  parseDevice,
} from "../models/mod.ts";

/** What computes. */
export interface EngineWish {
  readonly engine: EngineName | "auto";
  readonly backend: Backend | "auto";
}

/** The engine of a role, on the role's device. */
export function engineOn(
  { device, engine, backend }: EngineWish & { readonly device: string },
  what: Pick<EngineOptions, "network" | "optimizer" | "batchSize">,
): Promise<Engine> {
  return createEngine({ ...what, device: parseDevice(device), engine, backend });
}

/** How results name an engine: `onnx/cpu`. */
export function engineName({ engine, backend }: EngineInfo): string {
  return `${engine}/${backend}`;
}
