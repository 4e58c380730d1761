/**
 * Actors on this thread.
 *
 * @module
 */

import { ActorHost } from "../host.ts";
import type { Transport } from "./transport.ts";

/**
 * Runs the actor on this thread, where messages are handed over without a copy and every step is
 * taken in a fixed order. Nothing on a thread can interrupt a loop on the same thread: only an
 * actor that awaits can be killed.
 */
export const startInMemory: Transport = (launch, uplink) => {
  const { start, init } = launch;
  const host = new ActorHost(launch, uplink);
  void host.start(
    start instanceof URL ? async () => (await import(start.href)).start : () => start,
    init,
  );
  return host;
};
