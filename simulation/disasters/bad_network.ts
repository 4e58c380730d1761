/**
 * Connections to trainers that are slow or cut for a while.
 *
 * @module
 */
import type { Transport } from "../../actors/runtime/mod.ts";
import type { Random } from "../../random.ts";
import { delayed } from "../transports/delayed.ts";
import type { NetworkFault } from "./fault.ts";

/**
 * A transport on which each trainer has a connection of its own: messages of one overtake those of
 * another, and never each other.
 *
 * @param present The faults of the connection of an actor now, and how many milliseconds each still takes.
 */
export function badNetwork(
  transport: Transport,
  random: Random,
  present: (actor: string) => readonly (readonly [fault: NetworkFault, leftMs: number])[],
): Transport {
  return {
    sharesMemory: transport.sharesMemory,
    start(launch, uplink) {
      const way = delayed(transport, () => {
        const times = present(launch.name).map(([{ kind, upToMs }, leftMs]) =>
          kind === "cut" ? leftMs : random.uniform() * upToMs
        );
        return Math.max(0, ...times);
      });
      return way.start(launch, uplink);
    },
  };
}
