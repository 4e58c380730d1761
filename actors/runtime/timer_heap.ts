/**
 * Timers in the order in which they are due: a binary heap, out of which cancelled ones are thrown
 * when they come up, or when they are most of it.
 *
 * @module
 */

/** A timer that waits. */
export interface Timer {
  /** When it fires, in milliseconds. */
  readonly due: number;
  /** Counts the timers in the order in which they were set. */
  readonly serial: number;
  /** `undefined` when it has fired or was cancelled. */
  callback: (() => void) | undefined;
}

const SMALL = 64;

/** The timers that wait, earliest first, and in the order in which they were set where that is equal. */
export class TimerHeap {
  #heap: Timer[] = [];
  #cancelled = 0;
  #serial = 0;

  /** How many wait. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** The serial of the next timer: those that were set already have smaller ones. */
  get nextSerial(): number {
    return this.#serial;
  }

  /** Adds a timer. */
  add(due: number, callback: () => void): Timer {
    const timer: Timer = { due, serial: this.#serial++, callback };
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // It was set last, so that it stays behind those that are due when it is.
      if (heap[parent]!.due <= due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
    return timer;
  }

  /** Takes back a timer, unless it has fired. */
  cancel(timer: Timer): void {
    if (timer.callback === undefined) return;
    timer.callback = undefined;
    this.#cancelled++;
    if (this.#cancelled > SMALL && this.#cancelled * 2 > this.#heap.length) this.#compact();
  }

  /** The timer that is due first. */
  first(): Timer | undefined {
    let first = this.#heap[0];
    while (first !== undefined && first.callback === undefined) {
      this.#removeFirst();
      this.#cancelled--;
      first = this.#heap[0];
    }
    return first;
  }

  /** Removes the timer that is due first, and gives what it calls. */
  take(): () => void {
    const first = this.first()!;
    const { callback } = first;
    this.#removeFirst();
    first.callback = undefined;
    return callback!;
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
  }

  /** Puts a timer where the first one was, and lets it sink to its place. */
  #sink(timer: Timer): void {
    const heap = this.#heap;
    const { length } = heap;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(timer, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = timer;
  }

  #compact(): void {
    // What is sorted is a heap.
    this.#heap = this.#heap.filter(({ callback }) => callback !== undefined)
      .sort((a, b) => isBefore(a, b) ? -1 : 1);
    this.#cancelled = 0;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.serial < b.serial);
}
