/**
 * A bounded first-in, first-out mailbox that pushes back on its senders.
 *
 * @module
 */

interface Waiting<T> {
  readonly item: T;
  readonly accept: () => void;
}

const ACCEPTED = Promise.resolve();

/**
 * Holds what was accepted until it is finished: an item that the receiver is working on still takes
 * up room. At capacity, {@linkcode Mailbox.put} waits.
 */
export class Mailbox<T> {
  /** The most items that are accepted and not finished at any time. */
  readonly capacity: number;
  readonly #accepted = new Queue<T>();
  readonly #waiting = new Queue<Waiting<T>>();
  /** How many of the accepted items, from the oldest on, have been taken. */
  #taken = 0;

  /**
   * Creates an empty mailbox.
   *
   * @param capacity At least 1.
   * @throws {RangeError} If the capacity is not a positive integer.
   */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(
        `Cannot create mailbox: capacity must be a positive integer, received ${capacity}`,
      );
    }
    this.capacity = capacity;
  }

  /** Items accepted and not finished. */
  get size(): number {
    return this.#accepted.length;
  }

  /** Items whose senders still wait for room. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Items taken and not finished. */
  get taken(): number {
    return this.#taken;
  }

  /** Resolves when the item has been accepted. */
  put(item: T): Promise<void> {
    if (this.#accepted.length < this.capacity) {
      this.#accepted.push(item);
      return ACCEPTED;
    }
    return new Promise((accept) => this.#waiting.push({ item, accept }));
  }

  /** The oldest accepted item that was not taken before, if there is one. */
  take(): T | undefined {
    if (this.#taken === this.#accepted.length) return undefined;
    return this.#accepted.at(this.#taken++);
  }

  /** Removes the oldest taken item, which makes room for the next waiting sender's. */
  finish(): T | undefined {
    if (this.#taken === 0) return undefined;
    this.#taken--;
    const item = this.#accepted.shift();
    this.#admit();
    return item;
  }

  /** The oldest taken item: the one its receiver is working on. */
  get oldest(): T | undefined {
    return this.#taken === 0 ? undefined : this.#accepted.at(0);
  }

  /** Removes and returns the taken items: their receiver is gone and will not finish them. */
  recall(): T[] {
    const items: T[] = [];
    while (this.#taken > 0) {
      items.push(this.#accepted.shift()!);
      this.#taken--;
    }
    for (let room = items.length; room > 0; room--) this.#admit();
    return items;
  }

  /** Removes and returns everything, and lets the waiting senders go on. */
  clear(): T[] {
    const items: T[] = [];
    while (this.#accepted.length > 0) items.push(this.#accepted.shift()!);
    this.#taken = 0;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      items.push(next.item);
      next.accept();
    }
    return items;
  }

  #admit(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#accepted.push(next.item);
    next.accept();
  }
}

const SMALLEST_RING = 8;

/** One that has grown further becomes smaller again when it is nearly empty. */
const LARGEST_IDLE_RING = 1024;

/** A list that is cheap to add to at its end and to take from at its front: a ring that grows. */
export class Queue<T> {
  /** As many places as a power of 2. */
  #ring: (T | undefined)[] = new Array(SMALLEST_RING).fill(undefined);
  #front = 0;
  #length = 0;

  /** Number of items. */
  get length(): number {
    return this.#length;
  }

  /** The item at `index` from the front. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#ring[this.#place(index)] : undefined;
  }

  /** Adds an item at the back. */
  push(item: T): void {
    if (this.#length === this.#ring.length) this.#resize(2 * this.#length);
    this.#ring[this.#place(this.#length++)] = item;
  }

  /** Removes the item at the front. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#ring[this.#front];
    this.#ring[this.#front] = undefined;
    this.#front = this.#place(1);
    this.#length--;
    const { length } = this.#ring;
    if (length > LARGEST_IDLE_RING && this.#length * 8 < length) this.#resize(length / 2);
    return item;
  }

  #place(index: number): number {
    return (this.#front + index) & (this.#ring.length - 1);
  }

  #resize(length: number): void {
    const ring = new Array<T | undefined>(length).fill(undefined);
    for (let i = 0; i < this.#length; i++) ring[i] = this.at(i);
    this.#ring = ring;
    this.#front = 0;
  }
}
