/**
 * What a search keeps on a NATS server: a queue of tasks, the answers to them, and what workers must
 * know of each run. The server may lose all of it: the journal of the run has what counts, and the search
 * makes everything again.
 *
 * @module
 */
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { InvalidArgumentError, PermissionViolationError } from "@nats-io/transport-node";
import type { Connection } from "./connect.ts";
import { STREAMS, subjects } from "./messages.ts";
import { remoteTimes } from "./times.ts";

const NS_PER_MS = 1_000_000;
const DAY_MS = 86_400_000;

/** What nobody came back for is dropped after this. */
const KEPT_MS = 7 * DAY_MS;

/** A stream does not take a message: it is full, or its subject has one already. */
const NOT_STORED = 10_077;

/** A task that is in the queue already is not added again: its subject holds one message. */
function isThereAlready(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === NOT_STORED &&
    error.message.includes("per subject");
}

/** Why a server that is there does not take a message; `undefined` if it may just not be there. */
function refusalOf(error: unknown): string | undefined {
  const cause = (error as Error).cause ?? error;
  return [error, cause].find((each) =>
    each instanceof JetStreamApiError || each instanceof InvalidArgumentError ||
    each instanceof PermissionViolationError
  ) && `${(cause as Error).message}`.split("\n")[0]!.slice(0, 200);
}

/** Make the streams, where they are not there yet. */
export async function makeStreams(jsm: JetStreamManager): Promise<void> {
  const common = {
    storage: StorageType.File,
    num_replicas: 1,
    max_age: KEPT_MS * NS_PER_MS,
  };
  await jsm.streams.add({
    ...common,
    name: STREAMS.runs,
    subjects: [subjects.run("*")],
    max_msgs_per_subject: 1,
  });
  await jsm.streams.add({
    ...common,
    name: STREAMS.tasks,
    subjects: [subjects.tasks("*")],
    retention: RetentionPolicy.Workqueue,
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
  });
  await jsm.streams.add({ ...common, name: STREAMS.answers, subjects: [subjects.answer("*")] });
}

/** Make the queue of a run, where it is not there yet. */
export async function makeQueue(
  jsm: JetStreamManager,
  run: string,
  ackWaitMs: number,
): Promise<void> {
  await jsm.consumers.add(STREAMS.tasks, {
    durable_name: run,
    filter_subject: subjects.tasks(run),
    ack_policy: AckPolicy.Explicit,
    ack_wait: ackWaitMs * NS_PER_MS,
    // At the limit nobody gets anything any more.
    max_ack_pending: 100_000,
  });
}

/**
 * Take a task out of its queue. (A purge of one subject would have the queue skip all that is in it now:
 * nats-server 2.9.10.)
 */
export async function removeTask(jsm: JetStreamManager, subject: string): Promise<void> {
  const stored = await jsm.streams.getMessage(STREAMS.tasks, { last_by_subj: subject });
  if (stored) await jsm.streams.deleteMessage(STREAMS.tasks, stored.seq, false);
}

/** Remove all that a run has on a server. What is not there any more is no error. */
export async function removeRun({ jsm }: Connection, run: string): Promise<void> {
  const ignore = () => {};
  await jsm.consumers.delete(STREAMS.tasks, run).catch(ignore);
  await jsm.streams.purge(STREAMS.tasks, { filter: subjects.tasks(run) }).catch(ignore);
  await jsm.streams.purge(STREAMS.runs, { filter: subjects.run(run) }).catch(ignore);
  await jsm.streams.purge(STREAMS.answers, { filter: subjects.answer(run) }).catch(ignore);
}

/**
 * Publish a message, again and again until the server has it; it is stored once.
 *
 * @param id Names the message: no other one has it.
 * @param tell Told why a server that is there does not take it, each time.
 * @returns Whether it is there; `false` if the signal was aborted before.
 */
export async function publishUntilStored(
  { js, jsm, nats }: Connection,
  subject: string,
  bytes: Uint8Array,
  { id, signal, tell }: {
    readonly id: string;
    readonly signal: AbortSignal;
    readonly tell: (why: string) => void;
  },
): Promise<boolean> {
  while (!signal.aborted && !nats.isClosed()) {
    try {
      await js.publish(subject, bytes, { msgID: id, timeout: remoteTimes.request });
      return true;
    } catch (error) {
      if (isThereAlready(error)) return true;
      const refusal = refusalOf(error);
      if (refusal !== undefined) tell(refusal);
      // The server is away, or has lost its streams.
      await makeStreams(jsm).catch(() => {});
      await pause(200, signal);
    }
  }
  return false;
}

/** Waits, but not when there is nothing to wait for any more. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
