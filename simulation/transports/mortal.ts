/**
 * Actors whose machines fail now and then.
 *
 * @module
 */
import type { Transport } from "../../actors/runtime/mod.ts";

/**
 * A transport whose actors die after a while, whatever they are doing, as a process does that gets
 * SIGKILL.
 *
 * @param lifeMs How long an actor lives, from its start; `life` is 1 at first and grows with each
 * restart.
 */
export function mortal(
  transport: Transport,
  lifeMs: (actor: string, life: number) => number,
): Transport {
  const lives = new Map<string, number>();
  return {
    sharesMemory: transport.sharesMemory,
    start(launch, uplink) {
      const { name, clock } = launch;
      const life = (lives.get(name) ?? 0) + 1;
      lives.set(name, life);
      const downlink = transport.start(launch, uplink);
      // It does nothing to an actor that has ended before.
      clock.setTimer(
        lifeMs(name, life),
        () => downlink.kill({ kind: "exited", code: null, signal: "SIGKILL" }),
      );
      return downlink;
    },
  };
}
