/**
 * Actors on this thread.
 *
 * @module
 */

import { ActorHost } from "../host.ts";
import type { Transport } from "./transport.ts";

/**
 * Runs the actor on this thread, where messages are handed over as they were copied by their sender,
 * and every step is taken in a fixed order. Nothing on a thread can interrupt a loop on the same
 * thread: only an actor that awaits can be killed.
 */
export const inMemory: Transport = {
  sharesMemory: true,
  start(launch, uplink) {
    const { start, init, clock } = launch;
    const host = new ActorHost({ ...launch, sharesMemory: true }, uplink);
    void host.start(
      start instanceof URL ? () => clock.outside(import(start.href)) : () => ({ start }),
      init,
    );
    return host;
  },
};
