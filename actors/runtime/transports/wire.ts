/**
 * What travels between the system and an actor on another thread or in another process. Tuples
 * rather than objects: the names of properties would take longer to copy than what they hold.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { LogLevel, RequestFailure } from "../actor.ts";
import type { Message } from "../envelope.ts";

/** From the system to the actor. `call` is what the actor has numbered its sends and requests by. */
export type ToActor =
  | readonly ["start", name: string, module: string, init: unknown, heartbeatEveryMs: number]
  | readonly ["deliver", id: number, from: string, message: Message, asks: boolean, trace?: string]
  | readonly ["accepted", call: number]
  | readonly ["replied", call: number, message: Message]
  | readonly ["refused", call: number, failure: RequestFailure, why: string]
  | readonly ["barred", call: number, why: string]
  | readonly ["stop", why: string];

/** From the actor to the system, which checks it: see `from_actor.ts`. */
export type FromActor =
  | readonly ["ready", version: number]
  | ["done", count: number]
  | readonly ["reply", request: number, message: Message]
  | readonly ["unknown"]
  | readonly ["send", call: number, to: string, message: Message, trace?: string | undefined]
  | readonly [
    "request",
    call: number,
    to: string,
    message: Message,
    timeoutMs: number,
    trace?: string | undefined,
  ]
  | readonly ["heartbeat"]
  | readonly ["log", level: LogLevel, text: string, fields: Readonly<Record<string, unknown>>]
  | readonly ["exited", kind: "normal" | "shutdown"]
  | readonly ["failed", error: Error];

const FULL = 64;
const BURST_MS = 0.005;

/**
 * Collects what is written in one turn and passes it on together: one crossing costs much more than
 * one message. In a burst it waits for the end of the turn of the event loop, otherwise only for
 * that of the present task.
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

  /** The item added last, unless it has been passed on. */
  get last(): T | undefined {
    return this.#items.at(-1);
  }

  /** Adds an item. */
  add(item: T): void {
    if (this.#items.push(item) === FULL) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (performance.now() - this.#passedAt < BURST_MS) setImmediate(this.#flushLater);
    else queueMicrotask(this.#flushLater);
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
    this.#pass(items);
    this.#passedAt = performance.now();
  }
}
