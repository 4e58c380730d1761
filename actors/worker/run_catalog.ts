/**
 * The runs that have a queue on a server, and what a worker needs to work for them.
 *
 * @module
 */
import type { Consumer } from "@nats-io/jetstream";
import type { Connection } from "../remote/connect.ts";
import { BadMessage, decodeRun, STREAMS, subjects } from "../remote/messages.ts";
import { type LoadedImages, prepareWork, type WorkPlace, type WorkRun } from "./work_run.ts";

/** A run that can be worked for. */
export interface ServedRun {
  readonly work: WorkRun;
  readonly queue: Consumer;
  readonly ackWaitMs: number;
}

/** What could not be served is tried again after this: somebody may have fetched the images. */
const TRY_AGAIN_MS = 30_000;

/** Finds runs, and gets ready for them. */
export class RunCatalog {
  readonly #connection: Connection;
  readonly #place: WorkPlace;
  readonly #served = new Map<string, ServedRun>();
  readonly #refused = new Map<string, { readonly why: string; readonly at: number }>();
  /** What each run was as it was looked at last. */
  readonly #seen = new Map<string, string>();
  readonly #images: LoadedImages = new Map();

  constructor(connection: Connection, place: WorkPlace) {
    this.#connection = connection;
    this.#place = place;
  }

  /** In the order in which they were found. */
  get served(): readonly ServedRun[] {
    return [...this.#served.values()];
  }

  /** Why the others are not served, by their names. */
  get refusals(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#refused].map(([run, { why }]) => [run, why]));
  }

  /** A run that was served cannot be any more. */
  refuse(run: string, why: string): void {
    const [line = ""] = why.split("\n");
    this.#served.delete(run);
    const isNew = this.#refused.get(run)?.why !== line;
    this.#refused.set(run, { why: line.slice(0, 2000), at: performance.now() });
    if (isNew) this.#place.say(`cannot work for run ${run}: ${line}`);
  }

  /** Looks which runs there are now. */
  async look(): Promise<void> {
    const queues = new Map<string, number>();
    for await (const { name, config } of this.#connection.jsm.consumers.list(STREAMS.tasks)) {
      queues.set(name, (config.ack_wait ?? 0) / 1e6);
    }
    for (const run of this.#seen.keys()) if (!queues.has(run)) this.#forget(run);
    for (const [run, ackWaitMs] of queues) await this.#lookAt(run, ackWaitMs);
    if (queues.size === 0) this.#images.clear();
  }

  #forget(run: string): void {
    if (this.#served.has(run)) this.#place.say(`run ${run} is over`);
    for (const known of [this.#seen, this.#served, this.#refused]) known.delete(run);
  }

  async #lookAt(run: string, ackWaitMs: number): Promise<void> {
    const { jsm, js } = this.#connection;
    const query = { last_by_subj: subjects.run(run) };
    const stored = await jsm.streams.getMessage(STREAMS.runs, query);
    if (!stored) return this.#forget(run); // Its search was not heard of for days.
    const text = stored.string();
    const refused = this.#refused.get(run);
    const isDue = refused && performance.now() - refused.at > TRY_AGAIN_MS;
    if (this.#seen.get(run) === text && !isDue) return;
    this.#seen.set(run, text);
    try {
      const work = await prepareWork(decodeRun(stored.data), this.#place, this.#images);
      const queue = await js.consumers.get(STREAMS.tasks, run);
      this.#refused.delete(run);
      const isNew = !this.#served.has(run);
      this.#served.set(run, { work, queue, ackWaitMs });
      if (isNew) this.#place.say(`works for run ${run}: ${work.title}`);
    } catch (error) {
      if (this.#connection.nats.isClosed() || this.#place.signal.aborted) throw error;
      const { message } = error as Error;
      this.refuse(
        run,
        error instanceof BadMessage ? `its host has other messages: ${message}` : message,
      );
    }
  }
}
