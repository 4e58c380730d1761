/**
 * Actors that are far away: every message to and from them takes time.
 *
 * @module
 */
import type { Clock, Transport, Uplink } from "../../actors/runtime/mod.ts";

/**
 * A transport on which everything arrives later, in the order in which it was sent. A sender waits
 * twice as long: for its message, and for the answer that it was accepted.
 *
 * @param latencyMs How long the next message takes, at least 0; it does not overtake those before it.
 */
export function delayed(transport: Transport, latencyMs: () => number): Transport {
  return {
    sharesMemory: transport.sharesMemory,
    start(launch, uplink) {
      const there = new Line(launch.clock, latencyMs);
      const back = new Line(launch.clock, latencyMs);
      const downlink = transport.start(launch, delayedUplink(uplink, there, back));
      return {
        deliver: (envelope) => there.carry(() => downlink.deliver(envelope)),
        stop: (reason) => there.carry(() => downlink.stop(reason)),
        // What kills an actor is where the actor is.
        kill: (reason) => downlink.kill(reason),
      };
    },
  };
}

/** Carries one thing after the other. */
class Line {
  readonly #clock: Clock;
  readonly #latencyMs: () => number;
  #lastDue = 0;

  constructor(clock: Clock, latencyMs: () => number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  carry(arrive: () => void): void {
    const now = this.#clock.now();
    this.#lastDue = Math.max(this.#lastDue, now + this.#latencyMs());
    this.#clock.setTimer(this.#lastDue - now, arrive);
  }
}

function delayedUplink(uplink: Uplink, there: Line, back: Line): Uplink {
  /** Asks something of the system; what comes of it travels, too. */
  const ask = <T>(question: () => Promise<T>) =>
    new Promise<T>((resolve, reject) =>
      back.carry(() =>
        Promise.try(question).then(
          (answer) => there.carry(() => resolve(answer)),
          (error) => there.carry(() => reject(error)),
        )
      )
    );
  return {
    ready: () => back.carry(() => uplink.ready()),
    done: (waiting) => back.carry(() => uplink.done(waiting)),
    reply: (request, message) => back.carry(() => uplink.reply(request, message)),
    unknown: () => back.carry(() => uplink.unknown()),
    send: (to, message, trace) => ask(() => uplink.send(to, message, trace)),
    request: (to, message, timeoutMs, trace) =>
      ask(() => uplink.request(to, message, timeoutMs, trace)),
    heartbeat: () => back.carry(() => uplink.heartbeat()),
    log: (level, text, fields) => back.carry(() => uplink.log(level, text, fields)),
    exited: (reason) => back.carry(() => uplink.exited(reason)),
  };
}
