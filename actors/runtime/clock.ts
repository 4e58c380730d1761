/**
 * Time as something that is handed in: the machine's, or one that a test or a simulation advances.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** Cancels the timer it came from; calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/** What the runtime needs to know of time. */
export interface Clock {
  /** Milliseconds since a fixed but arbitrary moment; never goes backwards. */
  now(): number;
  /** Calls `callback` once, `delayMs` from now; never, if that is `Infinity`. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
  /** Calls `callback` in a later turn of the event loop, without time passing. */
  defer(callback: () => void): void;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's monotonic clock: a changed date or time zone does not move it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    if (delayMs === Infinity) return () => {};
    const id = setTimeout(callback, Math.max(0, Math.min(delayMs, LONGEST_TIMEOUT_MS)));
    return () => clearTimeout(id);
  },
  defer(callback) {
    setImmediate(callback);
  },
};

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is advanced.
 *
 * Timers fire in the order of their due times, and in the order they were set where those are
 * equal. Between two of them the event loop turns until memory actors have nothing left to do, so
 * the same program gives the same order of events every time.
 *
 * @example A second that takes no time
 * ```ts
 * import { sleep, VirtualClock } from "@mddes/mddes/runtime";
 *
 * const clock = new VirtualClock();
 * const slept = sleep(clock, 1000).then(() => clock.now());
 * await clock.advance(1000);
 * await slept; // 1000
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0;
  /** Latest first, so that the next one to fire is at the end. */
  #timers: Timer[] = [];
  #deferred = 0;

  /** Virtual milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  /** See {@linkcode Clock.setTimer}. */
  setTimer(delayMs: number, callback: () => void): CancelTimer {
    if (delayMs === Infinity) return () => {};
    const timer: Timer = { due: this.#now + Math.max(0, delayMs), callback };
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timers[middle]!.due > timer.due) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** See {@linkcode Clock.defer}. */
  defer(callback: () => void): void {
    this.#deferred++;
    setImmediate(() => {
      this.#deferred--;
      callback();
    });
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.#timers.length;
  }

  /**
   * Moves time forward by `ms`, firing every timer that falls due on the way, also those that are
   * set meanwhile.
   *
   * @throws {RangeError} If `ms` is negative or not finite.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new RangeError(`Cannot advance the clock: ms must be finite and >= 0, received ${ms}`);
    }
    const end = this.#now + ms;
    await this.#settle();
    for (let next = this.#timers.at(-1); next && next.due <= end; next = this.#timers.at(-1)) {
      await this.#fire();
    }
    this.#now = end;
  }

  /**
   * Jumps to the next timer and fires it.
   *
   * @returns Whether there was one.
   */
  async next(): Promise<boolean> {
    await this.#settle();
    if (this.#timers.length === 0) return false;
    await this.#fire();
    return true;
  }

  async #fire(): Promise<void> {
    const { due, callback } = this.#timers.pop()!;
    this.#now = due;
    callback();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve)); while (this.#deferred > 0);
  }
}

/**
 * Resolves `ms` from now by `clock`, or at once when `signal` is aborted.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.setTimer(ms, wake);
    signal?.addEventListener("abort", wake);
  });
}
