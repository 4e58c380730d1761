/**
 * What Deno must allow for a worker.
 *
 * @module
 */
import type { Need } from "../../permissions.ts";
import { moduleNeeds, trainingNeeds } from "../needs.ts";
import { natsNeeds, type NatsOptions } from "../remote/nats_options.ts";

/** What is needed whatever the run; a run that needs more is refused, and its line says what. */
export function workerNeeds(
  nats: NatsOptions,
  devices: readonly string[],
  isolation: "worker" | "process",
  modules: readonly string[],
): Need[] {
  return [
    ...natsNeeds(nats),
    ...trainingNeeds(devices, { engine: "auto", backend: "auto", isolation }),
    ...moduleNeeds(modules),
  ];
}
