/**
 * What a worker is doing and has done, as it announces it.
 *
 * @module
 */
import type { Announcement, Answer, Hold } from "../remote/messages.ts";

/** Of all slots of a worker. */
export class Tally {
  /** What is being done, and since when. */
  readonly #holds = new Map<
    string,
    { readonly hold: Omit<Hold, "forMs">; readonly since: number }
  >();
  #done = 0;
  #failures = 0;
  #images = 0;
  #busyMs = 0;

  /** Parts that were done. */
  get done(): number {
    return this.#done;
  }

  /** Parts that could not be done. */
  get failures(): number {
    return this.#failures;
  }

  /** A part is being done, until disposed of. */
  hold(hold: Omit<Hold, "forMs">): Disposable {
    const key = `${hold.run}.${hold.task}`;
    this.#holds.set(key, { hold, since: performance.now() });
    return { [Symbol.dispose]: () => void this.#holds.delete(key) };
  }

  /** Counts what became of a part. */
  count(answer: Answer): void {
    if (answer.type === "GivenBack" || answer.type === "Failed") this.#failures++;
    else this.#done++;
    if ("timing" in answer && answer.timing.imagesPerSecond > 0) {
      this.#images += (answer.timing.imagesPerSecond * answer.timing.busyMs) / 1000;
      this.#busyMs += answer.timing.busyMs;
    }
  }

  /** What is announced of it. */
  get announced(): Pick<Announcement, "holds" | "done" | "failures" | "imagesPerSecond"> {
    return {
      holds: [...this.#holds.values()].map(({ hold, since }) => ({
        ...hold,
        forMs: Math.round(performance.now() - since),
      })),
      done: this.#done,
      failures: this.#failures,
      imagesPerSecond: this.#busyMs > 0 ? (1000 * this.#images) / this.#busyMs : 0,
    };
  }
}
