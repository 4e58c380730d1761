import { cellOf } from "./integers.ts";
import type { State } from "./state.ts";

/**
 * Remembers the fitness of what was already evaluated; when it is full, the value that was not used
 * for longest goes.
 *
 * @example Two points in the same cell, with the same seed
 * ```ts
 * import { createState, evaluationKey, FitnessCache } from "./mod.ts";
 *
 * const state = createState({ mean: [0.5], sigma: 0.2, integers: [1 / 28] });
 * const cache = new FitnessCache();
 * cache.set(evaluationKey(state, [0.511], 7), 1.5);
 * if (cache.get(evaluationKey(state, [0.512], 7)) !== 1.5) throw new Error("another cell");
 * ```
 */
export class FitnessCache {
  readonly #values = new Map<string, number>();
  readonly #capacity: number;
  #hits = 0;
  #misses = 0;

  /**
   * An empty cache.
   *
   * @param capacity How many values it holds, a positive integer. Default 10,000.
   * @throws {RangeError} If the capacity is not a positive integer.
   */
  constructor(capacity = 10_000) {
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(
        `Cannot create cache: capacity must be a positive integer, received ${capacity}`,
      );
    }
    this.#capacity = capacity;
  }

  /** How many lookups found their value. */
  get hits(): number {
    return this.#hits;
  }

  /** How many lookups found nothing. */
  get misses(): number {
    return this.#misses;
  }

  /** The fitness of a key, or `undefined`. */
  get(key: string): number | undefined {
    const value = this.#values.get(key);
    if (value === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Remembers the fitness of a key. */
  set(key: string, fitness: number): void {
    this.#values.delete(key);
    if (this.#values.size === this.#capacity) {
      const oldest = this.#values.keys().next();
      if (!oldest.done) this.#values.delete(oldest.value);
    }
    this.#values.set(key, fitness);
  }
}

/**
 * What an evaluation depends on: the cells of the integer coordinates, the exact values of the
 * others, and the seed.
 *
 * @param x A candidate's point, length N.
 * @param seed The seed of its evaluation.
 */
export function evaluationKey({ cells, box }: State, x: readonly number[], seed: number): string {
  const decoded = x.map((value, i) => {
    const cell = cells?.[i] ?? null;
    return cell === null ? value : cellOf(cell, value, box?.upper[i] ?? null);
  });
  return `${seed}:${decoded.join()}`;
}
