/**
 * A virtual clock that says when nothing is left to do at a moment.
 *
 * @module
 */
import { type CancelTimer, VirtualClock } from "../../actors/runtime/mod.ts";

/** Calls a function before time passes, once everything at the moment before has been done. */
export class WatchedClock extends VirtualClock {
  readonly #onSettled: () => void;
  #settledAt = 0;

  /** @param startsAt The date when it is made, in milliseconds since 1970. */
  constructor(startsAt: number, onSettled: () => void) {
    super(startsAt);
    this.#onSettled = onSettled;
  }

  override setTimer(delayMs: number, callback: () => void): CancelTimer {
    return super.setTimer(delayMs, () => {
      if (this.now() > this.#settledAt) {
        this.#settledAt = this.now();
        this.#onSettled();
      }
      callback();
    });
  }
}
