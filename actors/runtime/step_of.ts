/**
 * Long work within an actor.
 *
 * @module
 */
import type { Context } from "./actor.ts";

/** Messages that ask an actor to stop are heard only between turns of its event loop. */
const LISTEN_EVERY_MS = 50;

/**
 * What a long computation awaits after every step: it says that the actor is alive, and ends the
 * computation when the actor is to stop.
 */
export function stepOf(
  context: Pick<Context, "signal" | "clock" | "heartbeat">,
): () => Promise<void> {
  const { signal, clock } = context;
  let heardAt = clock.now();
  return async () => {
    context.heartbeat();
    if (clock.now() - heardAt < LISTEN_EVERY_MS) return;
    await new Promise<void>((resolve) => clock.defer(resolve));
    heardAt = clock.now();
    signal.throwIfAborted();
  };
}
