/**
 * A clock for tests and simulations, on which a year takes no time.
 *
 * @module
 */

import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import type { CancelTimer, Clock } from "./clock.ts";
import { Queue } from "./mailbox.ts";
import { TimerHeap } from "./timer_heap.ts";

/** Nothing can happen any more, and what is waited for has not happened. */
export class StandstillError extends Error {
  /**
   * Creates the error.
   *
   * @param at When that was, in virtual milliseconds.
   */
  constructor(readonly at: number) {
    super(
      `Cannot go on: at ${at} ms of the virtual clock no timer is set and nothing is left to do, ` +
        "but what is waited for has not happened",
    );
    this.name = "StandstillError";
  }
}

/** What `work` waits for, with the promise that it was given for it. */
interface Outside {
  readonly work: Promise<unknown>;
  settle(): void;
}

/** Lets time pass until it has what it wants. */
interface Drive {
  /** Whether it is done; it is asked when nothing is left to do at this moment. */
  isDone(next: number | undefined): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** After so many turns in a row the event loop gets one, so that Ctrl-C is heard. */
const TURNS_IN_A_ROW = 64;

/**
 * A clock that stands still until it is advanced.
 *
 * Timers fire in the order of their due times; those that are due at the same moment fire together,
 * in the order in which they were set. Time goes on only when every promise has been followed as far
 * as it goes, so that the same program gives the same order of events every time.
 *
 * What waits for something that is neither a promise of the program nor a timer of this clock, such
 * as a file, has to say so with {@linkcode VirtualClock.outside}. Actors in workers and processes
 * live by the machine's clock.
 *
 * @example A second that takes no time
 * ```ts
 * import { sleep, VirtualClock } from "@mddes/mddes/runtime";
 *
 * const clock = new VirtualClock();
 * await clock.runUntil(sleep(clock, 1000));
 * clock.now(); // 1000
 * ```
 */
export class VirtualClock implements Clock {
  readonly #startsAt: number;
  #now = 0;
  readonly #timers = new TimerHeap();
  readonly #deferred = new Queue<() => void>();
  #outside: Outside[] = [];
  #isOutside = false;
  #turnIsDue = false;
  #turns = 0;
  #drive: Drive | undefined;

  /**
   * Makes a clock that stands at 0.
   *
   * @param startsAt The date at that moment, in milliseconds since 1970. Default: 1970 begins.
   */
  constructor(startsAt = 0) {
    this.#startsAt = startsAt;
  }

  /** Virtual milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  /** See {@linkcode Clock.epochMs}. */
  epochMs(): number {
    return this.#startsAt + this.#now;
  }

  /** See {@linkcode Clock.setTimer}. */
  setTimer(delayMs: number, callback: () => void): CancelTimer {
    if (delayMs === Infinity) return () => {};
    const timer = this.#timers.add(this.#now + Math.max(0, delayMs), callback);
    return () => this.#timers.cancel(timer);
  }

  /** See {@linkcode Clock.defer}. */
  defer(callback: () => void): void {
    this.#deferred.push(callback);
    this.#takeTurn();
  }

  /**
   * See {@linkcode Clock.outside}. What is done at the same moment goes on in the order of the calls,
   * however long each took.
   */
  outside<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {}); // who gets the promise below hears of it
    return new Promise((resolve) => {
      this.#outside.push({ work, settle: () => resolve(work) });
      this.#takeTurn();
    });
  }

  /** How many timers are waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves time forward by `ms`, firing every timer that falls due on the way, also those that are
   * set meanwhile.
   *
   * @throws {RangeError} If `ms` is negative or not finite.
   * @throws {Error} What a timer throws; or if somebody else moves the time.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new RangeError(`Cannot advance the clock: ms must be finite and >= 0, received ${ms}`);
    }
    const end = this.#now + ms;
    await this.#letPass((next) => next === undefined || next > end);
    this.#now = end;
  }

  /**
   * Jumps to the next moment at which timers are due, and fires these.
   *
   * @returns Whether there was one.
   * @throws {Error} As {@linkcode VirtualClock.advance}.
   */
  async next(): Promise<boolean> {
    let fired = -1;
    await this.#letPass((next) => next === undefined || ++fired > 0);
    return fired >= 0;
  }

  /**
   * Lets time pass until no timer is left.
   *
   * @throws {Error} As {@linkcode VirtualClock.advance}.
   */
  run(): Promise<void> {
    return this.#letPass((next) => next === undefined);
  }

  /**
   * Lets time pass until a promise settles.
   *
   * @returns What it resolves to.
   * @throws What it rejects with; {@linkcode StandstillError} if nothing is left that could settle it.
   */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => isSettled = true;
    promise.then(settle, settle);
    await this.#letPass((next) => {
      if (!isSettled && next === undefined) throw new StandstillError(this.#now);
      return isSettled;
    });
    return await promise;
  }

  #letPass(isDone: Drive["isDone"]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#drive) throw new Error("Cannot advance the clock: somebody else is doing it");
      this.#drive = { isDone, resolve, reject };
      this.#takeTurn();
    });
  }

  /** The next turn is when every promise has been followed as far as it goes. */
  #takeTurn(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    queueMicrotask(this.#endTurn);
  }

  /** Ticks come when no microtask is left, and much faster than turns of the event loop. */
  readonly #endTurn = (): void => {
    if (++this.#turns % TURNS_IN_A_ROW === 0) setImmediate(this.#turn);
    else nextTick(this.#turn);
  };

  readonly #turn = (): void => {
    this.#turnIsDue = false;
    const deferred = this.#deferred.shift();
    if (deferred) {
      this.#takeTurn();
      deferred();
    } else if (this.#outside.length > 0 && !this.#isOutside) {
      void this.#waitOutside();
    } else if (!this.#isOutside && this.#drive) {
      this.#pass(this.#drive);
    }
  };

  async #waitOutside(): Promise<void> {
    this.#isOutside = true;
    const outside = this.#outside;
    this.#outside = [];
    await Promise.allSettled(outside.map(({ work }) => work));
    for (const { settle } of outside) settle();
    this.#isOutside = false;
    this.#takeTurn();
  }

  /** Fires the timers that are due next, if any of them are wanted. */
  #pass(drive: Drive): void {
    try {
      const next = this.#timers.first()?.due;
      if (drive.isDone(next)) {
        this.#drive = undefined;
        return drive.resolve();
      }
      this.#takeTurn();
      this.#now = next!;
      // A timer that these set has its turn after what they have begun.
      const { nextSerial } = this.#timers;
      for (
        let timer = this.#timers.first();
        timer !== undefined && timer.due === next && timer.serial < nextSerial;
        timer = this.#timers.first()
      ) {
        this.#timers.take()();
      }
    } catch (error) {
      this.#drive = undefined;
      drive.reject(error);
    }
  }
}
