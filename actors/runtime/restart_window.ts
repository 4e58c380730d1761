/**
 * How many restarts are too many.
 *
 * @module
 */

/** At most `maxRestarts` in any `withinMs` milliseconds. */
export interface RestartIntensity {
  /** 0 means that no restart is tolerated. */
  readonly maxRestarts: number;
  /** The length of the sliding window in milliseconds. */
  readonly withinMs: number;
}

/** Remembers the restarts of the last `withinMs` milliseconds. */
export class RestartWindow {
  readonly #intensity: RestartIntensity;
  #restarts: number[] = [];

  /**
   * Creates an empty window.
   *
   * @throws {RangeError} If `maxRestarts` is not an integer >= 0 or `withinMs` is not positive.
   */
  constructor(intensity: RestartIntensity) {
    const { maxRestarts, withinMs } = intensity;
    if (!Number.isSafeInteger(maxRestarts) || maxRestarts < 0) {
      throw new RangeError(
        `Cannot create restart window: maxRestarts must be an integer >= 0, received ${maxRestarts}`,
      );
    }
    if (!(withinMs > 0)) {
      throw new RangeError(
        `Cannot create restart window: withinMs must be positive, received ${withinMs}`,
      );
    }
    this.#intensity = intensity;
  }

  /**
   * Records a restart.
   *
   * @param now Milliseconds, never less than before.
   * @returns How many restarts the window now holds, or `undefined` if this one is too many.
   */
  record(now: number): number | undefined {
    const { maxRestarts, withinMs } = this.#intensity;
    this.#restarts = this.#restarts.filter((at) => now - at < withinMs);
    if (this.#restarts.length >= maxRestarts) return undefined;
    return this.#restarts.push(now);
  }
}
