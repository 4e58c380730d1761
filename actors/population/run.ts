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
 * no iterator by the time the run has started, or no more. A failure is thrown by the iterator, after
 * the last event, and rejects `result`; whoever looks at one of the two need not look at the other.
 * A run that was stopped just ends its iterator: who stopped it knows.
 */
export class Run<Event, Result> implements AsyncIterable<Event>, AsyncDisposable {
  /** The result. Rejects with {@linkcode RunStopped} if the run was stopped. */
  readonly result: Promise<Result>;
  readonly #stop = new AbortController();
  /** Events for the iterator; nobody wants them where there is no list. */
  #queue: Event[] | undefined;
  #isIterated = false;
  /** Settled, and replaced, when there is news for the iterator. */
  #news = Promise.withResolvers<void>();
  #ended = false;
  /** What is still to be thrown by the iterator. */
  #failure: { readonly error: unknown } | undefined;

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
      .catch((error) => {
        if (!(error instanceof RunStopped)) this.#failure = { error };
        throw error;
      })
      .finally(() => {
        signal?.removeEventListener("abort", stop);
        this.#ended = true;
        this.#tell();
      });
    this.result.catch(() => {});
  }

  /** Stops the run. What was finished stays on the disk. */
  stop(): void {
    this.#stop.abort();
  }

  /**
   * The events, once. Leaving the loop early does not stop the run.
   *
   * @throws {TypeError} If it was iterated before.
   */
  [Symbol.asyncIterator](): AsyncIterator<Event> {
    if (this.#isIterated) throw new TypeError("Cannot iterate a run twice");
    this.#isIterated = true;
    this.#queue = [];
    return {
      next: async () => {
        while (this.#queue?.length === 0 && !this.#ended) await this.#news.promise;
        if (this.#queue && this.#queue.length > 0) {
          return { done: false, value: this.#queue.shift()! };
        }
        const failure = this.#queue && this.#failure;
        this.#queue = undefined;
        if (failure) throw failure.error;
        return { done: true, value: undefined };
      },
      return: () => {
        this.#queue = undefined;
        this.#tell();
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
    this.#tell();
  }

  #tell(): void {
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve();
  }
}
