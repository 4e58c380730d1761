import { placeLayers } from "../network.ts";
import { checkLayers } from "../network_schema.ts";
import { checkOptimizer } from "./check_optimizer.ts";
import type { EngineOptions } from "./engine.ts";

/**
 * Refuses what no engine could train.
 *
 * @throws {TypeError} If the network's layers do not fit each other, or a kind is unknown.
 * @throws {RangeError} If a size or a constant is out of range.
 */
export function checkTraining(
  { network, optimizer, batchSize, device }: Omit<EngineOptions, "engine" | "backend" | "seed">,
): void {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot create engine: batchSize must be a positive integer, received ${batchSize}`,
    );
  }
  checkOptimizer(optimizer);
  const known = device.type === "cpu" ||
    device.type === "gpu" && Number.isSafeInteger(device.index) && device.index >= 0;
  if (!known) {
    throw new RangeError(
      "Cannot create engine: the device must be the cpu or a gpu with an index of 0 or more, " +
        `received ${JSON.stringify(device)}`,
    );
  }
  checkLayers(network);
  placeLayers(network);
}
