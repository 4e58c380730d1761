/**
 * Gives the actors of one thread their turns.
 *
 * @module
 */

import type { Clock } from "./clock.ts";
import { Queue } from "./mailbox.ts";

const STEPS_PER_TURN = 256;

/**
 * Runs steps in the order they were scheduled. After {@linkcode STEPS_PER_TURN} of them the event
 * loop gets a turn, so actors that keep each other busy cannot starve timers and input.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #steps = new Queue<() => void>();
  #running = false;
  #left = STEPS_PER_TURN;

  /** @param clock Provides the turns of the event loop. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `step` soon, but not now; it must not throw. */
  schedule(step: () => void): void {
    this.#steps.push(step);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(this.#run);
  }

  readonly #run = (): void => {
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      step();
      if (--this.#left === 0) {
        this.#left = STEPS_PER_TURN;
        this.#clock.defer(this.#run);
        return;
      }
    }
    this.#running = false;
  };
}
