/**
 * The queue of a run on a server, from the side of the search.
 *
 * @module
 */
import type { Candidate } from "../population/protocol.ts";
import type { Connection } from "./connect.ts";
import { encode, STREAMS, subjects, taskOf } from "./messages.ts";
import type { RunFacts } from "./open_server.ts";
import { makeQueue, makeStreams, publishUntilStored, removeTask } from "./streams.ts";
import { remoteTimes } from "./times.ts";

/** Tasks are called as `taskId` does. */
export class RunQueue {
  readonly #connection: Connection;
  readonly #facts: RunFacts;
  readonly #tell: (text: string) => void;
  /** Names what this process publishes. */
  readonly #session = crypto.randomUUID();
  #published = 0;

  /** @param tell Told in words that the server does not take a task. */
  constructor(connection: Connection, facts: RunFacts, tell: (text: string) => void) {
    this.#connection = connection;
    this.#facts = facts;
    this.#tell = tell;
  }

  /** Makes all that a run needs on the server and that is not there, or not any more. */
  async make(): Promise<void> {
    const { jsm } = this.#connection;
    await makeStreams(jsm);
    await this.#sayRun();
    await makeQueue(jsm, this.#facts.run, remoteTimes.ackWait);
  }

  /** Says what the run is: workers get ready by that. */
  async #sayRun(): Promise<void> {
    await this.#connection.js.publish(subjects.run(this.#facts.run), encode(this.#facts));
  }

  /** Puts a task into the queue, unless it is there; tries until it can or the signal is aborted. */
  put(task: string, candidate: Candidate, signal: AbortSignal): void {
    const { run } = this.#facts;
    // In the window of the server's memory for names, a task that comes again needs another name.
    const id = `${run}.${task}.${candidate.attempt}.${this.#session}.${++this.#published}`;
    const bytes = encode(taskOf(candidate));
    void publishUntilStored(this.#connection, subjects.task(run, task), bytes, {
      id,
      signal,
      tell: (why) => this.#tell(`the NATS server does not take a task: ${why}`),
    });
  }

  /** Takes a task out, if the server is there; who has it already may answer still. */
  async withdraw(task: string): Promise<void> {
    const subject = subjects.task(this.#facts.run, task);
    await removeTask(this.#connection.jsm, subject).catch(() => {});
  }

  /** Takes out all tasks but these: an earlier process has asked for them. */
  async keepOnly(tasks: readonly string[]): Promise<void> {
    const { run } = this.#facts;
    const { jsm } = this.#connection;
    const wanted = new Set(tasks.map((task) => subjects.task(run, task)));
    const { state } = await jsm.streams.info(STREAMS.tasks, {
      subjects_filter: subjects.tasks(run),
    });
    for (const subject of Object.keys(state.subjects ?? {})) {
      if (!wanted.has(subject)) await removeTask(jsm, subject);
    }
  }
}
