/**
 * Reads the answers to a run's tasks from their stream, each once, in order. Nothing of the reader is kept
 * on the server, so that the server can lose nothing of it.
 *
 * @module
 */
import type { Connection } from "./connect.ts";
import { STREAMS, subjects } from "./messages.ts";

/** The answers of one run. */
export class AnswerReader {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #take: (bytes: Uint8Array, isFirstTime: boolean) => Promise<void>;
  #last = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  /** @param take Is given each; `isFirstTime` is not so where it may have been given it before. */
  constructor(
    connection: Connection,
    run: string,
    take: (bytes: Uint8Array, isFirstTime: boolean) => Promise<void>,
  ) {
    this.#connection = connection;
    this.#run = run;
    this.#take = take;
  }

  /** Reads what is there from the beginning on, where the stream may be another one than before. */
  async readAnew(): Promise<void> {
    await this.#reading?.catch(() => {});
    const { state } = await this.#connection.jsm.streams.info(STREAMS.answers);
    if (this.#last === 0 || state.last_seq < this.#last) {
      this.#last = 0;
      await this.#readOn(false);
    } else await this.read();
  }

  /** Reads what has come since the last time. */
  read(): Promise<void> {
    if (this.#reading) this.#again = true;
    return this.#reading ??= this.#readAll().finally(() => this.#reading = undefined);
  }

  async #readAll(): Promise<void> {
    do {
      this.#again = false;
      await this.#readOn(true);
    } while (this.#again);
  }

  async #readOn(isFirstTime: boolean): Promise<void> {
    const { streams } = this.#connection.jsm;
    for (;;) {
      const query = { seq: this.#last + 1, next_by_subj: subjects.answer(this.#run) };
      const stored = await streams.getMessage(STREAMS.answers, query);
      if (!stored) return;
      this.#last = stored.seq;
      await this.#take(stored.data, isFirstTime);
    }
  }
}
