/**
 * How a task is done and answered.
 *
 * @module
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { Candidate } from "../population/protocol.ts";
import type { Connection } from "../remote/connect.ts";
import {
  type Answer,
  BadMessage,
  decodeTask,
  digestOf,
  encode,
  subjects,
  taskId,
} from "../remote/messages.ts";
import { publishUntilStored } from "../remote/streams.ts";
import type { ServedRun } from "./run_catalog.ts";
import type { Station } from "./station.ts";
import type { Tally } from "./tally.ts";

/** Who does tasks. */
export interface Doer {
  readonly connection: Connection;
  /** What searches call the worker. */
  readonly name: string;
  /** Told in words what happens. */
  readonly say: (text: string) => void;
  /** Told what may happen again and again. */
  readonly report: (text: string) => void;
  readonly tally: Tally;
  /** Ends what is being done. */
  readonly leave: AbortSignal;
  /** Then nothing is handed in any more. */
  readonly left: AbortSignal;
}

/** How long to try to hand in an answer, before the task is left to others. */
const ANSWER_LIMIT_MS = 600_000;

/** Does what a message asks for, on a slot, and answers. */
export async function doTask(
  message: JsMsg,
  { work, ackWaitMs }: ServedRun,
  station: Station,
  { slot, device }: { readonly slot: string; readonly device: string },
  doer: Doer,
): Promise<void> {
  const { run, maxAttempts } = work;
  let candidate: Candidate;
  let digest: string;
  try {
    const task = decodeTask(message.data);
    digest = digestOf({ seed: task.seed, x: task.genome });
    if (message.subject !== subjects.task(run, taskId(task, task.part, digest))) {
      throw new BadMessage(`it came as ${message.subject.slice(0, 200)}`);
    }
    if (!work.terms.some(({ part }) => part === task.part)) {
      throw new BadMessage(`the run has no part ${task.part}`);
    }
    const { protocol: _, release: _r, ...rest } = task;
    candidate = { type: "Candidate", ...rest };
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
    doer.say(`cannot use a task of run ${run}: ${error.message}`);
    return message.term();
  }
  const task = taskId(candidate, candidate.part, digest);
  const { generation, candidate: number, repeat, part } = candidate;
  using _held = doer.tally.hold({ run, task, generation, candidate: number, repeat, part, device });
  // From here, where nothing computes: a thread that trains would be too late.
  const working = setInterval(() => {
    if (!doer.connection.nats.isClosed()) message.working();
  }, ackWaitMs / 3);
  try {
    const lost = message.info.deliveryCount - 1;
    const left = maxAttempts - candidate.attempt + 1;
    const answer = lost >= left
      ? failedFor(candidate, `its worker was lost ${lost} times`)
      : await workUntilLeave(station, candidate, doer.leave);
    doer.tally.count(answer);
    await handIn(message, { run, task, digest, slot }, answer, doer);
  } finally {
    clearInterval(working);
  }
}

/** Does a part; what is not done when the worker leaves is given back. */
async function workUntilLeave(
  station: Station,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<Answer> {
  const leave = () => void station[Symbol.asyncDispose]();
  signal.addEventListener("abort", leave);
  const answer = station.work(candidate);
  if (signal.aborted) leave();
  return await answer.finally(() => signal.removeEventListener("abort", leave));
}

async function handIn(
  message: JsMsg,
  { run, task, digest, slot }: Readonly<Record<"run" | "task" | "digest" | "slot", string>>,
  answer: Answer,
  { connection, name, left, report }: Doer,
): Promise<void> {
  const said = "timing" in answer
    ? { ...answer, timing: { ...answer.timing, slot: `${slot}@${name}` } }
    : answer;
  const bytes = encode({ worker: name, digest, answer: said });
  // What is given back is published again at once, which must not find the task still there.
  const isGivenBack = answer.type === "GivenBack";
  if (isGivenBack) await message.ackAck().catch(() => {});
  const stored = await publishUntilStored(connection, subjects.answer(run), bytes, {
    id: `${run}.${task}.${crypto.randomUUID()}`,
    signal: AbortSignal.any([AbortSignal.timeout(ANSWER_LIMIT_MS), left]),
    tell: (why) => report(`the NATS server does not take an answer: ${why}`),
  });
  // Where that is lost the task comes again, and so does its answer: nobody waits for it.
  if (!isGivenBack && stored) message.ack();
}

function failedFor(
  { generation, candidate, repeat, part, attempt }: Candidate,
  reason: string,
): Answer {
  return { type: "Failed", generation, candidate, repeat, part, attempt, reason };
}
