/**
 * Carries messages from one actor to another within a system, and replies back.
 *
 * @module
 */

import type { RequestFailure } from "./actor.ts";
import type { ActorCell } from "./cell.ts";
import type { Clock } from "./clock.ts";
import { type Envelope, type Message, PROTOCOL_VERSION } from "./envelope.ts";
import type { EventBody, EventListener } from "./events.ts";
import { PendingRequests } from "./pending_requests.ts";
import { holdsSharedMemory } from "./plain_data.ts";
import { Scheduler } from "./scheduler.ts";

const NOWHERE = Promise.resolve();

/** Knows who has which name, who waits for which reply, and who wants to see the events. */
export class Router {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The actors that can be given messages, by name. */
  readonly cells = new Map<string, ActorCell>();
  readonly listeners = new Set<EventListener>();
  readonly #requests: PendingRequests;
  #lastId = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.scheduler = new Scheduler(clock);
    this.#requests = new PendingRequests(clock);
  }

  /** Tells every listener, now. */
  emit(body: EventBody): void {
    const event = { at: this.clock.now(), ...body };
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        reportError(error); // as an event target does: the fault is not the actors'
      }
    }
  }

  /**
   * See {@linkcode Context.send}.
   *
   * @throws {TypeError} If the message cannot travel to the receiver.
   */
  send(from: string, to: string, message: Message, trace: string | undefined): Promise<void> {
    const cell = this.#cellFor(to, message, "send");
    return this.#route(this.#wrap(from, to, message, trace, false), cell);
  }

  /**
   * See {@linkcode Context.request}.
   *
   * @throws {TypeError} If the message cannot travel to the receiver.
   */
  request(
    from: string,
    to: string,
    message: Message,
    timeoutMs: number,
    trace: string | undefined,
  ): Promise<Message> {
    const cell = this.#cellFor(to, message, "request");
    const envelope = this.#wrap(from, to, message, trace, true);
    const reply = this.#requests.add(envelope, timeoutMs);
    void this.#route(envelope, cell);
    return reply;
  }

  /** Makes a dead letter of what an actor sends after its end. */
  bury(from: string, to: string, message: Message, trace: string | undefined): void {
    const envelope = this.#wrap(from, to, message, trace, false);
    this.emit({ type: "dead-letter", envelope, why: `its sender "${from}" had ended` });
  }

  /**
   * Answers a request; an answer that nobody waits for is a dead letter.
   *
   * @throws {TypeError} If the answer cannot travel to who asked.
   */
  reply(request: Envelope, message: Message): void {
    this.#cellFor(request.from, message, "reply");
    if (this.#requests.resolve(request, message)) return;
    const why = request.replyTo === undefined
      ? `nobody asked: "${request.message.type}" was not a request`
      : `the request "${request.message.type}" is no longer waited for`;
    const envelope = this.#wrap(request.to, request.from, message, request.trace, false);
    this.emit({ type: "dead-letter", envelope, why });
  }

  /** Rejects a request, if anybody still waits for the reply. */
  refuse(request: Envelope, failure: RequestFailure, why: string): void {
    if (request.replyTo !== undefined) this.#requests.reject(request, failure, why);
  }

  /** Says that a message will not be handled. */
  deadLetter(envelope: Envelope, failure: RequestFailure, why: string): void {
    this.emit({ type: "dead-letter", envelope, why });
    this.refuse(envelope, failure, why);
  }

  /** Rejects every request that still waits. */
  close(): void {
    this.#requests.close();
  }

  /** The receiver of a message, if there is one; only here is it known where that runs. */
  #cellFor(name: string, message: Message, doing: string): ActorCell | undefined {
    const cell = this.cells.get(name);
    if (cell?.options.transport.sharesMemory === false && holdsSharedMemory(message)) {
      throw new TypeError(
        `Cannot ${doing} "${message.type}": "${name}" runs in a process, which cannot share the ` +
          "memory of a SharedArrayBuffer",
      );
    }
    return cell;
  }

  #route(envelope: Envelope, cell: ActorCell | undefined): Promise<void> {
    if (cell !== undefined) return cell.accept(envelope);
    this.deadLetter(envelope, "no-such-actor", `there is no actor "${envelope.to}"`);
    return NOWHERE;
  }

  #wrap(
    from: string,
    to: string,
    message: Message,
    trace: string | undefined,
    asks: boolean,
  ): Envelope {
    const id = ++this.#lastId;
    if (!asks && trace === undefined) return { version: PROTOCOL_VERSION, id, from, to, message };
    return {
      version: PROTOCOL_VERSION,
      id,
      from,
      to,
      ...(asks && { replyTo: from }),
      ...(trace !== undefined && { trace }),
      message,
    };
  }
}
