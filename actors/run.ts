/**
 * Long work that can be watched and stopped: an async iterable of events with a result.
 *
 * @module
 */

/** Why a run has no result: somebody stopped it. What was finished is on the disk. */
export class RunStopped extends Error {
  /** `RunStopped`. */
  override readonly name = "RunStopped";
}

/**
 * A run that has begun. Iterate it for its events, once; await `result` for its end. Leaving the
 * scope of an `await using` stops it and waits until it has let go of everything.
 *
 * Events are kept for the iterator from the call that began the run on, and are dropped if there is
 * no iterator by the time the run has started. A failure rejects `result`; the iterator just ends.
 */
export class Run<Event, Result> implements AsyncIterable<Event>, AsyncDisposable {
  /** The result. Rejects with {@linkcode RunStopped} if the run was stopped. */
  readonly result: Promise<Result>;
  readonly #stop = new AbortController();
  #queue: Event[] | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  /**
   * Begins a run.
   *
   * @param work Does it; gets a function that emits events, and a signal that says stop.
   * @param signal Stops the run when it is aborted.
   */
  constructor(
    work: (emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
    signal?: AbortSignal,
  ) {
    const stop = () => this.#stop.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    // In a later turn, so that whoever iterates at once sees the first event.
    this.result = Promise.resolve()
      .then(() => work((event) => this.#emit(event), this.#stop.signal))
      .finally(() => {
        signal?.removeEventListener("abort", stop);
        this.#ended = true;
        this.#wake?.();
      });
    this.result.catch(() => {});
  }

  /** Stops the run. What was finished stays on the disk. */
  stop(): void {
    this.#stop.abort();
  }

  /**
   * The events, once.
   *
   * @throws {TypeError} If it is iterated already.
   */
  [Symbol.asyncIterator](): AsyncIterator<Event> {
    if (this.#queue) throw new TypeError("Cannot iterate a run twice");
    const queue: Event[] = this.#queue = [];
    return {
      next: async () => {
        while (queue.length === 0 && !this.#ended) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        const value = queue.shift();
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
      return: () => {
        this.#queue = undefined;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /** Stops the run and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.result.catch(() => {});
  }

  #emit(event: Event): void {
    this.#queue?.push(event);
    this.#wake?.();
  }
}
