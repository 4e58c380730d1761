/**
 * Between the system and a running actor: the two ends that every transport connects.
 *
 * @module
 */

import type { AnyStart, LogLevel } from "../actor.ts";
import type { Clock } from "../clock.ts";
import type { Envelope, Message } from "../envelope.ts";
import type { ExitReason } from "../events.ts";
import type { Mailbox } from "../mailbox.ts";

/** What an actor can do to its system. */
export interface Uplink {
  /** `start` has returned. */
  ready(): void;
  /** The oldest delivered message has been handled; `waiting` more are there. */
  done(waiting: number): void;
  /**
   * Answers the request with this envelope id.
   *
   * @throws {TypeError} If the answer cannot travel to who asked.
   */
  reply(request: number, message: Message): void;
  /** The message being handled is not one the actor knows. */
  unknown(): void;
  /**
   * Resolves when the message is in the receiver's mailbox.
   *
   * @throws {TypeError} If the message cannot travel to the receiver.
   */
  send(to: string, message: Message, trace: string | undefined): Promise<void>;
  /**
   * Resolves to the reply.
   *
   * @throws {TypeError} If the message cannot travel to the receiver.
   */
  request(
    to: string,
    message: Message,
    timeoutMs: number,
    trace: string | undefined,
  ): Promise<Message>;
  /** The actor is alive. */
  heartbeat(): void;
  /** A line for the log. */
  log(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>>): void;
  /** The actor has ended; nothing follows. */
  exited(reason: ExitReason): void;
}

/** What a system can do to a running actor. */
export interface Downlink {
  /** Hands over a message; the actor handles them in this order. */
  deliver(envelope: Envelope): void;
  /** Asks the actor to handle what was delivered and then to end. */
  stop(reason: string): void;
  /** Ends the actor whatever it is doing; `exited` with this reason follows when it is gone. */
  kill(reason: ExitReason): void;
}

/** What a transport needs to start an actor. */
export interface Launch {
  /** The actor's name. */
  readonly name: string;
  /** Its start function, or the module that exports it. */
  readonly start: AnyStart | URL;
  /** The first argument of `start`. */
  readonly init: unknown;
  /** How often `heartbeat()` is worth passing on, in ms. */
  readonly heartbeatEveryMs: number;
  /** What is for it: to be looked at only. */
  readonly mailbox: Pick<Mailbox<Envelope>, "taken" | "oldest" | "size" | "waiting" | "capacity">;
  /** The system's clock. */
  readonly clock: Clock;
  /** Runs the steps of the memory actors of this system in turn. */
  readonly scheduler: {
    /** Runs `step` soon, but not now; it must not throw. */
    schedule(step: () => void): void;
  };
}

/** A way to run actors somewhere, and what can travel there. */
export interface Transport {
  /**
   * Whether a `SharedArrayBuffer` stays shared with actors there. All other plain data travels
   * everywhere.
   */
  readonly sharesMemory: boolean;
  /** Starts an actor. */
  start(launch: Launch, uplink: Uplink): Downlink;
}
