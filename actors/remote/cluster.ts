/**
 * What there is on a NATS server: workers, by what they announce, and runs, by their queues.
 *
 * @module
 */
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Connection } from "./connect.ts";
import {
  type Announcement,
  BadMessage,
  decodeAnnouncement,
  decodeRun,
  STREAMS,
  subjects,
} from "./messages.ts";
import { remoteTimes } from "./times.ts";
import { patienceMs } from "./worker_registry.ts";

/** Nobody has begun a search yet. */
const NO_STREAM = 10_059;

/** A part that a worker is doing. */
export interface ClusterHold {
  readonly run: string;
  readonly generation: number;
  readonly candidate: number;
  readonly repeat: number;
  readonly part: string;
  readonly device: string;
  /** Since when, in milliseconds. */
  readonly forMs: number;
}

/** A worker that is there. */
export interface ClusterWorker {
  readonly id: string;
  readonly name: string;
  readonly slots: number;
  /** Where it computes; one for each slot. */
  readonly devices: readonly string[];
  readonly holds: readonly ClusterHold[];
  /** Parts that it has done. */
  readonly done: number;
  /** Parts that it could not do. */
  readonly failures: number;
  /** Of one slot while it trains, on average; 0 before it has. */
  readonly imagesPerSecond: number;
  /** Runs that it can work for, and how many of its slots can. */
  readonly serves: Readonly<Record<string, number>>;
  /** Runs that it cannot work for, and why. */
  readonly refuses: Readonly<Record<string, string>>;
  /** Milliseconds since it was heard of. */
  readonly heardMs: number;
}

/** A run whose search is not over. */
export interface ClusterRun {
  readonly run: string;
  readonly kind: "search" | "minimize";
  /** Where it is, on the host that searches. */
  readonly folder: string;
  /** What is searched on: a set of images, or a module. */
  readonly subject: string;
  /** Parts that no worker has yet. */
  readonly waiting: number;
  /** Parts that workers have. */
  readonly taken: number;
}

/** What there is at one moment. */
export interface ClusterState {
  readonly workers: readonly ClusterWorker[];
  readonly runs: readonly ClusterRun[];
  /** Who says what cannot be read, and why: workers and runs of another release. */
  readonly unreadable: Readonly<Record<string, string>>;
}

function workerOf(said: Announcement, heardMs: number): ClusterWorker {
  const { protocol: _, release: _r, everyMs: _e, holds, ...worker } = said;
  return {
    ...worker,
    holds: holds.map(({ task: _, forMs, ...hold }) => ({
      ...hold,
      forMs: Math.round(forMs + heardMs), // It does that since it was heard of, too.
    })),
    heardMs: Math.round(heardMs),
  };
}

/** Looks on, and takes part in nothing. */
export class Cluster implements Disposable {
  readonly #connection: Connection;
  readonly #workers = new Map<string, { readonly said: Announcement; readonly at: number }>();
  readonly #unreadable = new Map<string, { readonly why: string; readonly at: number }>();
  readonly #listener: Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    const listener = connection.nats.subscribe(subjects.worker("*"), {
      callback: (_error, { subject, data }) => this.#hear(subject, data),
    });
    this.#listener = { [Symbol.dispose]: () => listener.unsubscribe() };
  }

  /** What there is now; of workers those that were heard of since this looks on. */
  async look(): Promise<ClusterState> {
    const unreadable: Record<string, string> = {};
    const runs: ClusterRun[] = [];
    for (const { name, num_pending, num_ack_pending } of await this.#queues()) {
      const query = { last_by_subj: subjects.run(name) };
      const stored = await this.#connection.jsm.streams.getMessage(STREAMS.runs, query);
      if (!stored) continue; // It is just over.
      try {
        const { kind, folder, configuration, modules } = decodeRun(stored.data);
        const subject = kind === "search" ? `${configuration.dataset}` : modules.measure!.file;
        runs.push({
          run: name,
          kind,
          folder,
          subject,
          waiting: num_pending,
          taken: num_ack_pending,
        });
      } catch (error) {
        if (!(error instanceof BadMessage)) throw error;
        unreadable[`run ${name}`] = error.message;
      }
    }
    const now = performance.now();
    const workers: ClusterWorker[] = [];
    for (const [id, { said, at }] of this.#workers) {
      if (now - at > patienceMs(said)) this.#workers.delete(id);
      else workers.push(workerOf(said, now - at));
    }
    for (const [subject, { why, at }] of this.#unreadable) {
      if (now - at > patienceMs({ everyMs: remoteTimes.announce })) {
        this.#unreadable.delete(subject);
      } else unreadable[`worker ${subject.slice(subjects.worker("").length)}`] = why;
    }
    workers.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);
    return { workers, runs, unreadable };
  }

  async #queues() {
    try {
      return await Array.fromAsync(this.#connection.jsm.consumers.list(STREAMS.tasks));
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === NO_STREAM) return [];
      throw error;
    }
  }

  #hear(subject: string, bytes: Uint8Array): void {
    const at = performance.now();
    try {
      const said = decodeAnnouncement(bytes);
      this.#unreadable.delete(subject);
      if (said.slots === 0) this.#workers.delete(said.id);
      else this.#workers.set(said.id, { said, at });
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.#unreadable.set(subject, { why: error.message, at });
    }
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }
}
