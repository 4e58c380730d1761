/**
 * Long work that can be watched, asked where it is, finished early and stopped: an async iterable of
 * events with a result.
 *
 * @module
 */
import { EventQueue, type Missed } from "./event_queue.ts";
import { NOTHING_YET, type RunSnapshot, type RunState, type SearchSnapshot } from "./snapshot.ts";

/** Why a run has no result: somebody stopped it. What was finished is on the disk. */
export class RunStopped extends Error {
  /** `RunStopped`. */
  override readonly name = "RunStopped";
}

/** What the work of a run is told, and tells. */
export interface RunWork<Event, Best> {
  /** Tells those who watch. */
  readonly emit: (event: Event) => void;
  /** Says stop. */
  readonly signal: AbortSignal;
  /** Says that no more candidates are wanted. */
  readonly finishing: AbortSignal;
  /** Says from now on where the search is. */
  readonly showWith: (
    show: () => SearchSnapshot<Best> & { readonly state: "searching" | "finalists" },
  ) => void;
}

/**
 * A run that has begun. Iterate it for its events, once; await `result` for its end. Leaving the
 * scope of an `await using` stops it and waits until it has let go of everything.
 *
 * Events are kept for the iterator from the call that began the run on, and are dropped if there is
 * no iterator by the time the run has started, or no more. At most 10,000 wait for an iterator that is
 * slow; then the oldest are dropped, and an event `missed` in their place says how many.
 *
 * A failure reaches somebody, once: it is thrown by the iterator after the last event, rejects
 * `result`, or is thrown by the end of the `await using` if nobody has looked at the other two. (If the
 * scope is left by another error, the two are in a `SuppressedError`.) If there is none of these when
 * the run fails, it is an unhandled rejection, as with any promise. A run that was stopped just ends
 * its iterator and its scope: who stopped it knows.
 */
export class Run<Event, Result, Best = unknown>
  implements AsyncIterable<Event | Missed>, AsyncDisposable {
  /** The folder of the run. It is made when everything was checked, before the first generation. */
  readonly directory: string;
  readonly #stop = new AbortController();
  readonly #finish = new AbortController();
  readonly #startedAt = performance.now();
  /** The end, of which somebody here always hears. */
  readonly #end: Promise<Result>;
  /** What `result` has given out. */
  #result: Promise<Result> | undefined;
  /** For the iterator, as long as there is one. */
  #events: EventQueue<Event> | undefined;
  #isIterated = false;
  #isInScope = false;
  #failure: { readonly error: unknown } | undefined;
  /** Whether somebody was told, or has the promise that tells. */
  #isFailureTold = false;
  #ended: { readonly state: RunState; readonly elapsedSeconds: number } | undefined;
  #show: () => SearchSnapshot<Best> & { readonly state: RunState } = () => (
    { state: "preparing", ...NOTHING_YET }
  );

  /**
   * Begins a run.
   *
   * @param work Does it.
   * @param where The folder, and what stops the run when it is aborted.
   */
  constructor(
    work: (run: RunWork<Event, Best>) => Promise<Result>,
    { directory, signal }: {
      readonly directory: string;
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.directory = directory;
    const stop = () => this.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    // In a later turn, so that whoever iterates at once sees the first event.
    this.#end = Promise.resolve()
      .then(() =>
        work({
          emit: (event) => this.#events?.push(event),
          signal: this.#stop.signal,
          finishing: this.#finish.signal,
          showWith: (show) => this.#show = show,
        })
      )
      .finally(() => signal?.removeEventListener("abort", stop))
      .then((result) => this.#succeed(result), (error) => this.#fail(error));
    this.#end.catch(() => {});
  }

  /** The result. Rejects with {@linkcode RunStopped} if the run was stopped. */
  get result(): Promise<Result> {
    if (this.#result) return this.#result;
    // A promise of its own, which is unhandled if whoever asked for it does not look at it.
    this.#result = this.#end.then((result) => result);
    const isKnown = this.#isFailureTold || (this.#ended !== undefined && !this.#failure);
    if (isKnown) this.#result.catch(() => {});
    this.#isFailureTold = true;
    return this.#result;
  }

  /** Where the run is, at any time: plain data. */
  snapshot(): RunSnapshot<Best> {
    return structuredClone({
      ...this.#show(),
      ...this.#ended ?? { elapsedSeconds: this.#secondsSinceStart() },
      directory: this.directory,
    });
  }

  /**
   * Ends the search before its last generation: nothing more is drawn, the best candidates so far are
   * evaluated again, and the winner is named; then `result` resolves. What is being evaluated is
   * finished and written down, and does not count. If no candidate has a result, the first one is
   * awaited. The run can be continued with more generations than it was begun with.
   */
  finish(): void {
    this.#finish.abort();
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
  [Symbol.asyncIterator](): AsyncIterator<Event | Missed> {
    if (this.#isIterated) throw new TypeError("Cannot iterate a run twice");
    this.#isIterated = true;
    this.#events = new EventQueue();
    if (this.#ended) this.#events.end();
    return {
      next: async () => {
        const taken = await this.#events?.take();
        if (taken && this.#events) return { done: false, value: taken.event };
        const failure = this.#events && this.#failure;
        this.#events = undefined;
        if (failure) {
          this.#isFailureTold = true;
          throw failure.error;
        }
        return { done: true, value: undefined };
      },
      return: () => {
        this.#events?.end();
        this.#events = undefined;
        this.#tellSomebody();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /**
   * Stops the run and waits for its end. Throws what it has failed with, if nobody has looked.
   *
   * `await using` reads it when the scope begins: from then on a failure can wait for the scope's end.
   */
  get [Symbol.asyncDispose](): () => Promise<void> {
    this.#isInScope = true;
    return async () => {
      this.stop();
      await this.#end.catch(() => {});
      if (!this.#failure || this.#isFailureTold) return;
      this.#isFailureTold = true;
      throw this.#failure.error;
    };
  }

  #succeed(result: Result): Result {
    this.#endAs("finished");
    return result;
  }

  #fail(error: unknown): never {
    const isStopped = error instanceof RunStopped;
    if (!isStopped) this.#failure = { error };
    if (isStopped || this.#events) this.#result?.catch(() => {});
    this.#endAs(isStopped ? "stopped" : "failed");
    this.#tellSomebody();
    throw error;
  }

  /** Tells of a failure, if nobody is left who would be told. */
  #tellSomebody(): void {
    if (!this.#failure || this.#isFailureTold || this.#isInScope || this.#events) return;
    this.#isFailureTold = true;
    void Promise.reject(this.#failure.error);
  }

  #endAs(state: RunState): void {
    this.#ended = { state, elapsedSeconds: this.#secondsSinceStart() };
    this.#events?.end();
  }

  #secondsSinceStart(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
