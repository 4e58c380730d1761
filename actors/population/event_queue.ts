/**
 * Events on their way to somebody who may be slower than they come.
 *
 * @module
 */

import { Queue } from "../runtime/mod.ts";

/** Events that wait at most. When another one comes, the oldest is dropped. */
export const MOST_WAITING = 10_000;

/** Stands in the place of events that were dropped, because they were not taken in time. */
export interface Missed {
  /** The tag. */
  readonly type: "missed";
  /** How many were dropped here. */
  readonly count: number;
}

/** A queue that remembers the newest events, and how many it had to forget. */
export class EventQueue<Event> {
  readonly #events = new Queue<Event>();
  #missed = 0;
  #ended = false;
  /** Settled, and replaced, when there is news. */
  #news = Promise.withResolvers<void>();

  /** Adds an event; after the end it is dropped. */
  push(event: Event): void {
    if (this.#ended) return;
    this.#events.push(event);
    if (this.#events.length > MOST_WAITING) {
      this.#events.shift();
      this.#missed++;
    }
    this.#tell();
  }

  /** Nothing more comes. What waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  /** Takes the next event as soon as there is one; `undefined` after the last one. */
  async take(): Promise<{ readonly event: Event | Missed } | undefined> {
    while (this.#events.length === 0 && !this.#ended) await this.#news.promise;
    if (this.#missed > 0) {
      const count = this.#missed;
      this.#missed = 0;
      return { event: { type: "missed", count } };
    }
    return this.#events.length === 0 ? undefined : { event: this.#events.shift()! };
  }

  #tell(): void {
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve();
  }
}
