/**
 * From `--devices` to one entry for each slot.
 *
 * @module
 */
import { DeviceUnavailable, formatDevice, parseDevice, requireDevice } from "../models/mod.ts";
import { ConfigurationError } from "./configuration.ts";

/**
 * Expand a list of devices: `auto` is one `cpu` for each core, `cpu:3` is three of them.
 *
 * @param devices Such as `["cpu", "cpu"]`, `["auto"]` or `["gpu:0", "gpu:1"]`.
 * @param cores Processor cores. Default: of this machine.
 * @throws {ConfigurationError} If an entry cannot be read, or the device is not there.
 */
export function expandDevices(
  devices: readonly string[],
  cores: number = navigator.hardwareConcurrency,
): string[] {
  return devices.flatMap((entry) => {
    if (entry === "auto") return new Array<string>(cores).fill("cpu");
    const several = /^cpu:([1-9]\d{0,3})$/.exec(entry);
    if (several) return new Array<string>(Number(several[1])).fill("cpu");
    try {
      const device = parseDevice(entry);
      requireDevice(device);
      return [formatDevice(device)];
    } catch (error) {
      if (error instanceof DeviceUnavailable) throw new ConfigurationError(error.message);
      throw new ConfigurationError(
        `Cannot read devices: expected auto, cpu, cpu:COUNT or gpu:INDEX, received "${entry}"`,
      );
    }
  });
}
