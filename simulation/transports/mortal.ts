/**
 * Actors that take time to start, and whose machines fail now and then.
 *
 * @module
 */
import type { Downlink, ExitReason, Transport } from "../../actors/runtime/mod.ts";

/** One life of an actor, in milliseconds. */
export interface Lifetime {
  /** Until it is there. */
  readonly startMs: number;
  /** From then until it dies; may be `Infinity`. */
  readonly upMs: number;
}

/**
 * A transport whose actors are there after a while, and die after another, whatever they are doing, as
 * a process does that gets SIGKILL.
 *
 * @param lifetimeOf How long that takes; `life` is 1 at first and grows with each restart.
 */
export function mortal(
  transport: Transport,
  lifetimeOf: (actor: string, life: number) => Lifetime,
): Transport {
  const lives = new Map<string, number>();
  return {
    sharesMemory: transport.sharesMemory,
    start(launch, uplink) {
      const { name, clock } = launch;
      const life = (lives.get(name) ?? 0) + 1;
      lives.set(name, life);
      const { startMs, upMs } = lifetimeOf(name, life);
      let downlink: Downlink | undefined;
      const begin = () => {
        downlink = transport.start(launch, uplink);
        // It does nothing to an actor that has ended before.
        if (upMs < Infinity) {
          clock.setTimer(
            upMs,
            () => downlink!.kill({ kind: "exited", code: null, signal: "SIGKILL" }),
          );
        }
      };
      let cancel = () => {};
      if (startMs === 0) begin();
      else cancel = clock.setTimer(startMs, begin);
      const end = (reason: ExitReason) => {
        cancel();
        uplink.exited(reason);
      };
      return {
        deliver: (envelope) => downlink!.deliver(envelope),
        stop: (reason) => downlink ? downlink.stop(reason) : end({ kind: "shutdown" }),
        kill: (reason) => downlink ? downlink.kill(reason) : end(reason),
      };
    },
  };
}
