/**
 * Connections to trainers of which each has a latency of its own.
 *
 * @module
 */
import type { Transport } from "../../actors/runtime/mod.ts";
import { delayed } from "../transports/delayed.ts";

/**
 * A transport on which messages of one trainer overtake those of another, and never each other.
 *
 * @param latencyMs How long the next message to or from an actor takes.
 */
export function badNetwork(
  transport: Transport,
  latencyMs: (actor: string) => number,
): Transport {
  return {
    sharesMemory: transport.sharesMemory,
    start: (launch, uplink) =>
      delayed(transport, () => latencyMs(launch.name)).start(launch, uplink),
  };
}
