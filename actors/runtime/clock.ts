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
  /** The date, in milliseconds since 1970: to be written down, not to measure with. */
  epochMs(): number;
  /** Calls `callback` once, `delayMs` from now; never, if that is `Infinity`. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
  /** Calls `callback` when all that can be done now has had its turn, without time passing. */
  defer(callback: () => void): void;
  /**
   * For what takes the machine's time, such as reading a file or loading a module: a virtual clock
   * stands still until it is done.
   *
   * @returns What `work` gives.
   */
  outside<T>(work: Promise<T>): Promise<T>;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's monotonic clock: a changed date or time zone does not move it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  setTimer(delayMs, callback) {
    if (delayMs === Infinity) return () => {};
    const id = setTimeout(callback, Math.max(0, Math.min(delayMs, LONGEST_TIMEOUT_MS)));
    return () => clearTimeout(id);
  },
  defer(callback) {
    setImmediate(callback);
  },
  outside: (work) => work,
};

/**
 * Resolves `ms` from now by `clock`, or at once when `signal` is aborted.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return new Promise((resolve) => void clock.setTimer(ms, resolve));
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.setTimer(ms, wake);
    signal.addEventListener("abort", wake);
  });
}
