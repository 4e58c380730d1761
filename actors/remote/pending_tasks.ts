/**
 * Parts that workers are to do: each is in the queue until somebody has answered it.
 *
 * @module
 */
import type { Candidate } from "../population/protocol.ts";
import { type Answer, type AnswerMessage, type GivenBack, taskId } from "./messages.ts";
import type { RunQueue } from "./run_queue.ts";
import { remoteTimes } from "./times.ts";

/** How a part ends: with an answer, or for somebody else to do; `undefined` if nobody wants to know. */
export type Outcome =
  | { readonly answer: Exclude<Answer, GivenBack>; readonly worker: string }
  | Pick<GivenBack, "counts" | "reason">
  | undefined;

/** A part that a worker is to do. */
interface Pending {
  readonly candidate: Candidate;
  readonly task: string;
  /** When it was published, or a worker was last heard to hold it. */
  seenAt: number;
  /** Whether a worker was heard to hold it. */
  wasHeld: boolean;
  readonly done: AbortController;
  readonly settle: (outcome: Outcome) => void;
}

/** Tasks are called as `taskId` does. */
export class PendingTasks {
  readonly #queue: RunQueue;
  readonly #stop: AbortSignal;
  readonly #pending = new Map<string, Pending>();

  /** @param stop Then nothing is published any more. */
  constructor(queue: RunQueue, stop: AbortSignal) {
    this.#queue = queue;
    this.#stop = stop;
  }

  /** What they are called. */
  get tasks(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Asks workers for a part, and waits until it ends, or the signal says that nobody wants to know. */
  async ask(task: string, candidate: Candidate, signal: AbortSignal): Promise<Outcome> {
    const outcome = await new Promise<Outcome>((settle) => {
      if (signal.aborted) settle(undefined);
      signal.addEventListener("abort", () => settle(undefined));
      const done = new AbortController();
      const pending = { candidate, task, seenAt: 0, wasHeld: false, done, settle };
      this.#pending.set(task, pending);
      this.#publish(pending);
    });
    this.#pending.get(task)?.done.abort();
    this.#pending.delete(task);
    return outcome;
  }

  /** Takes an answer; `false` if nobody waits for it, and it may be of use. */
  take({ answer, digest, worker }: AnswerMessage): boolean {
    const pending = this.#pending.get(taskId(answer, answer.part, digest));
    if (answer.type === "GivenBack") {
      // Of an earlier attempt it is old news.
      if (answer.attempt === pending?.candidate.attempt) pending.settle(answer);
      return true;
    }
    pending?.settle({ answer, worker });
    return pending !== undefined;
  }

  /** Publishes all again: the server may have lost them. */
  publishAgain(): void {
    for (const pending of this.#pending.values()) this.#publish(pending);
  }

  /**
   * Looks after those that nobody has.
   *
   * @param isHeld Whether a worker says that it is at a task.
   * @param slots How many slots workers have.
   */
  lookAfter(isHeld: (task: string) => boolean, slots: number): void {
    const now = performance.now();
    for (const pending of this.#pending.values()) {
      if (isHeld(pending.task)) {
        pending.seenAt = now;
        pending.wasHeld = true;
      }
      if (now - pending.seenAt < 2 * remoteTimes.ackWait) continue;
      // Nobody has it: it waits for a worker that has gone, or the server has lost it.
      pending.seenAt = now;
      const isTooMany = this.#pending.size > slots;
      // Where the queue has forgotten it, it is behind all others from now on.
      void this.#queue.withdraw(pending.task).then(() => {
        if (pending.wasHeld) pending.settle({ counts: true, reason: "its worker was lost" });
        else if (isTooMany) pending.settle({ counts: false, reason: "no worker took it" });
        else if (!pending.done.signal.aborted) this.#publish(pending);
      });
    }
  }

  #publish(pending: Pending): void {
    pending.seenAt = performance.now();
    const signal = AbortSignal.any([pending.done.signal, this.#stop]);
    this.#queue.put(pending.task, pending.candidate, signal);
  }
}
