/**
 * What travels between the system and an actor on another thread or in another process.
 *
 * @module
 */

import type { LogLevel, RequestFailure } from "../actor.ts";
import type { Envelope, Message } from "../envelope.ts";

/** From the system to the actor. `call` is what the actor has numbered its sends and requests by. */
export type ToActor =
  | {
    readonly op: "start";
    readonly name: string;
    /** The module that exports `start`, as a URL. */
    readonly module: string;
    readonly init: unknown;
    readonly heartbeatEveryMs: number;
  }
  | { readonly op: "deliver"; readonly envelope: Envelope }
  | { readonly op: "accepted"; readonly call: number }
  | { readonly op: "replied"; readonly call: number; readonly message: Message }
  | {
    readonly op: "refused";
    readonly call: number;
    readonly failure: RequestFailure;
    readonly why: string;
  }
  | { readonly op: "stop"; readonly why: string };

/** From the actor to the system. */
export type FromActor =
  | { readonly op: "ready" }
  | { readonly op: "done" }
  | { readonly op: "reply"; readonly request: number; readonly message: Message }
  | { readonly op: "unknown" }
  | {
    readonly op: "send";
    readonly call: number;
    readonly to: string;
    readonly message: Message;
    readonly trace: string | undefined;
  }
  | {
    readonly op: "request";
    readonly call: number;
    readonly to: string;
    readonly message: Message;
    readonly timeoutMs: number;
    readonly trace: string | undefined;
  }
  | { readonly op: "heartbeat" }
  | {
    readonly op: "log";
    readonly level: LogLevel;
    readonly text: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }
  | { readonly op: "exited"; readonly kind: "normal" | "shutdown" }
  | { readonly op: "failed"; readonly error: Error };

/**
 * Collects what is written in one turn and passes it on together: one crossing costs much more than
 * one message.
 */
export class Batch<T> {
  #items: T[] = [];
  #passedAt = -Infinity;
  #scheduled = false;
  readonly #pass: (items: T[]) => void;

  /** @param pass Takes a batch to the other side. */
  constructor(pass: (items: T[]) => void) {
    this.#pass = pass;
  }

  /** Adds an item. */
  add(item: T): void {
    this.#items.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(this.#flushLater);
  }

  readonly #flushLater = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  /** Passes on what has been added, unless something was passed on in the last `quietMs`. */
  flush(quietMs = 0): void {
    if (this.#items.length === 0 || performance.now() - this.#passedAt < quietMs) return;
    const items = this.#items;
    this.#items = [];
    this.#passedAt = performance.now();
    this.#pass(items);
  }
}
