/**
 * A number that changes over time, such as the length of a queue: its mean, its maximum and its
 * course, in a fixed amount of memory.
 *
 * @module
 */

/** The most stretches of time that a course has. */
const MOST_STRETCHES = 512;

/** Follows a number from time 0 on. It is 0 at first. */
export class Level {
  #value = 0;
  #max = 0;
  #since = 0;
  /** How long a stretch is, and value times time of each, in milliseconds. */
  #stretchMs = 1;
  #areas: number[] = [];

  /** The number now. */
  get value(): number {
    return this.#value;
  }

  /** The largest that it was for any time. */
  get max(): number {
    return this.#max;
  }

  /**
   * Changes the number.
   *
   * @param now Milliseconds, never less than before.
   */
  change(by: number, now: number): void {
    this.#passUntil(now);
    this.#value += by;
  }

  /**
   * The course until now, in stretches of equal length but for the last one.
   *
   * @returns Start of each stretch in milliseconds, and the mean of the number in it.
   */
  courseUntil(now: number): { readonly startMs: number; readonly mean: number }[] {
    this.#passUntil(now);
    return this.#areas.map((area, index) => {
      const startMs = index * this.#stretchMs;
      return { startMs, mean: area / (Math.min(now, startMs + this.#stretchMs) - startMs) };
    });
  }

  /** The integral of the number over time until now, in milliseconds times the number's unit. */
  areaUntil(now: number): number {
    this.#passUntil(now);
    return this.#areas.reduce((sum, area) => sum + area, 0);
  }

  #passUntil(now: number): void {
    if (now > this.#since) this.#max = Math.max(this.#max, this.#value);
    while (now > MOST_STRETCHES * this.#stretchMs) this.#coarsen();
    while (this.#since < now) {
      const stretch = Math.floor(this.#since / this.#stretchMs);
      const end = Math.min(now, (stretch + 1) * this.#stretchMs);
      this.#areas[stretch] = (this.#areas[stretch] ?? 0) + this.#value * (end - this.#since);
      this.#since = end;
    }
  }

  /** Makes one stretch of two. */
  #coarsen(): void {
    this.#stretchMs *= 2;
    const areas = this.#areas;
    this.#areas = Array.from(
      { length: Math.ceil(areas.length / 2) },
      (_, index) => areas[2 * index]! + (areas[2 * index + 1] ?? 0),
    );
  }
}
