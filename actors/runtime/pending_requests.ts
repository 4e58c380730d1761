/**
 * Requests that wait for their replies.
 *
 * @module
 */

import { RequestError, type RequestFailure } from "./actor.ts";
import type { CancelTimer, Clock } from "./clock.ts";
import type { Envelope, Message } from "./envelope.ts";

interface Pending {
  readonly envelope: Envelope;
  readonly timeoutMs: number;
  readonly deadline: number;
  resolve(message: Message): void;
  reject(error: RequestError): void;
}

/** A timer may outlive the last request by this, which saves setting one for each. */
const LONGEST_WAIT_MS = 1000;

/** Knows who waits for what, and rejects what waits for too long. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #requests = new Map<number, Pending>();
  #cancelTimer: CancelTimer | undefined;
  #timerDue = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to the reply to `envelope`. */
  add(envelope: Envelope, timeoutMs: number): Promise<Message> {
    const now = this.#clock.now();
    const deadline = now + timeoutMs;
    this.#wakeAt(deadline, now);
    return new Promise((resolve, reject) => {
      this.#requests.set(envelope.id, { envelope, timeoutMs, deadline, resolve, reject });
    });
  }

  /** Hands over a reply; says whether anybody waited for it. */
  resolve(request: Envelope, reply: Message): boolean {
    const pending = this.#requests.get(request.id);
    if (pending === undefined) return false;
    this.#requests.delete(request.id);
    pending.resolve(reply);
    return true;
  }

  /** Rejects a request, if anybody still waits. */
  reject({ id, from, to, message }: Envelope, failure: RequestFailure, why: string): void {
    const pending = this.#requests.get(id);
    if (pending === undefined) return;
    this.#requests.delete(id);
    pending.reject(
      new RequestError(
        failure,
        `Cannot complete request "${message.type}" from "${from}" to "${to}": ${why}`,
      ),
    );
  }

  /** Rejects all, and ends the timer. */
  close(): void {
    this.#cancelTimer?.();
    for (const { envelope } of this.#requests.values()) {
      this.reject(envelope, "exited", "the system has stopped");
    }
  }

  #wakeAt(deadline: number, now: number): void {
    const due = Math.min(deadline, now + LONGEST_WAIT_MS);
    if (due >= this.#timerDue) return;
    this.#cancelTimer?.();
    this.#timerDue = due;
    this.#cancelTimer = this.#clock.setTimer(due - now, this.#wake);
  }

  readonly #wake = (): void => {
    this.#timerDue = Infinity;
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    let next = Infinity;
    for (const { envelope, timeoutMs, deadline } of this.#requests.values()) {
      if (deadline > now) next = Math.min(next, deadline);
      else this.reject(envelope, "timeout", `there was no reply within ${timeoutMs} ms`);
    }
    if (next < Infinity) this.#wakeAt(next, now);
  };
}
