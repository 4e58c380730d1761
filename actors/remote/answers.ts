/**
 * Reads the answers to a run's tasks from their stream, each once, in order. Nothing of the reader is kept
 * on the server, so that the server can lose nothing of it.
 *
 * @module
 */
import type { StoredMsg } from "@nats-io/jetstream";
import type { Connection } from "./connect.ts";
import { STREAMS, subjects } from "./messages.ts";

/** So many are asked for at the same time, where many have come. */
const MOST_AT_ONCE = 32;

/** The answers of one run. */
export class AnswerReader {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #take: (bytes: Uint8Array, isFirstTime: boolean) => Promise<void>;
  #last = 0;
  /** What is being read, and what will be, one after the other. */
  #reading: Promise<void> = Promise.resolve();
  #isAsked = false;

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
  readAnew(): Promise<void> {
    return this.#then(async () => {
      const { state } = await this.#connection.jsm.streams.info(STREAMS.answers);
      const isAnew = this.#last === 0 || state.last_seq < this.#last;
      if (isAnew) this.#last = 0;
      await this.#readOn(!isAnew);
    });
  }

  /** Reads what has come since the last time. */
  read(): Promise<void> {
    if (this.#isAsked) return this.#reading;
    this.#isAsked = true;
    return this.#then(async () => {
      this.#isAsked = false;
      await this.#readOn(true);
    });
  }

  #then(step: () => Promise<void>): Promise<void> {
    return this.#reading = this.#reading.catch(() => {}).then(step);
  }

  async #readOn(isFirstTime: boolean): Promise<void> {
    for (let width = 1;; width = Math.min(2 * width, MOST_AT_ONCE)) {
      const found = await this.#after(this.#last, width);
      // Where other runs' lie between them, one is found from several places.
      const bySeq = new Map(found.flatMap((stored) => stored ? [[stored.seq, stored.data]] : []));
      for (const [seq, bytes] of [...bySeq].sort(([a], [b]) => a - b)) {
        this.#last = seq;
        await this.#take(bytes, isFirstTime);
      }
      if (found.includes(null)) return;
    }
  }

  /** The first answer from each of so many places on, all asked for at once. */
  async #after(last: number, width: number): Promise<(StoredMsg | null)[]> {
    const { streams } = this.#connection.jsm;
    const next_by_subj = subjects.answer(this.#run);
    return await Promise.all(Array.from({ length: width }, (_, index) => {
      const query = { seq: last + 1 + index, next_by_subj };
      return streams.getMessage(STREAMS.answers, query);
    }));
  }
}
