/**
 * A map for what is soon taken out again.
 *
 * @module
 */

/** How many neighbours are kept together: a power of 2. */
const BLOCK = 128;

interface Block<T> {
  readonly values: (T | undefined)[];
  size: number;
}

/**
 * Values by serial numbers, of which neighbours come and go at about the same time. A `Map` would do
 * the same; but one in which entries come and go makes itself a new table again and again, and the old
 * ones keep what was in them until the garbage collector looks at everything.
 */
export class SerialMap<T> {
  readonly #blocks = new Map<number, Block<T>>();

  /** The value of a number, if it has one. */
  get(serial: number): T | undefined {
    return this.#blocks.get(Math.floor(serial / BLOCK))?.values[serial % BLOCK];
  }

  /** Gives a number a value. */
  set(serial: number, value: T): void {
    const key = Math.floor(serial / BLOCK);
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = { values: new Array<T | undefined>(BLOCK).fill(undefined), size: 0 };
      this.#blocks.set(key, block);
    }
    if (block.values[serial % BLOCK] === undefined) block.size++;
    block.values[serial % BLOCK] = value;
  }

  /** Removes the value of a number, if it has one. */
  delete(serial: number): void {
    const key = Math.floor(serial / BLOCK);
    const block = this.#blocks.get(key);
    if (block?.values[serial % BLOCK] === undefined) return;
    block.values[serial % BLOCK] = undefined;
    if (--block.size === 0) this.#blocks.delete(key);
  }

  /** The values, in the order of their numbers. */
  inOrder(): T[] {
    return [...this.#blocks].sort(([a], [b]) => a - b)
      .flatMap(([, { values }]) => values.filter((value) => value !== undefined));
  }
}
