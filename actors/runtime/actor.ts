/**
 * What an actor is: a `start` function that makes a behaviour, and the context it acts through.
 *
 * @module
 */

import type { CancelTimer, Clock } from "./clock.ts";
import type { ActorRef, Message } from "./envelope.ts";

/** How loud a log line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Options of {@linkcode Context.send}. */
export interface SendOptions {
  /** W3C `traceparent` for the message; by default that of the message being handled. */
  readonly trace?: string;
}

/** Options of {@linkcode Context.request}. */
export interface RequestOptions extends SendOptions {
  /** How long to wait for the reply. */
  readonly timeoutMs: number;
}

/** All that an actor can see and do besides its own state. */
export interface Context<In extends Message = never, Out extends Message = Message> {
  /** This actor's name, `SUPERVISOR/CHILD`. */
  readonly name: string;
  /** This actor's address, to be sent to others. */
  readonly self: ActorRef<In, Out>;
  /** Aborted when the actor is asked to stop, so that a long computation can end early. */
  readonly signal: AbortSignal;
  /** The system's clock in memory, the machine's elsewhere. */
  readonly clock: Clock;
  /** W3C `traceparent` of the message being handled, if it has one. */
  readonly trace: string | undefined;

  /**
   * Sends a message.
   *
   * @returns A promise that resolves when the receiver's mailbox has accepted the message: awaiting
   * it is what lets a full mailbox slow this actor down. A message nobody can receive any more is
   * accepted by nobody; it becomes a `dead-letter` event and the promise resolves.
   * @throws {TypeError} If the message is not plain data; see {@linkcode Message}.
   */
  send<To extends Message>(
    to: ActorRef<To>,
    message: NoInfer<To>,
    options?: SendOptions,
  ): Promise<void>;

  /**
   * Sends a message and waits for the reply.
   *
   * @throws {RequestError} If there is no reply: too late, or the receiver is gone, does not know
   * the message, or finished it without replying. (The promise rejects.)
   * @throws {TypeError} If the message is not plain data.
   * @throws {RangeError} If the timeout is not positive.
   */
  request<To extends Message, Reply extends Message>(
    to: ActorRef<To, Reply>,
    message: NoInfer<To>,
    options: RequestOptions,
  ): Promise<Reply>;

  /**
   * Answers the request being handled. If nobody asked, the answer is a dead letter.
   *
   * @throws {TypeError} If the answer is not plain data.
   * @throws {Error} If no message is being handled, or it has been answered already.
   */
  reply(message: Out): void;

  /**
   * Sends this actor a message after a while. The timer ends with the actor.
   *
   * @returns What cancels it.
   */
  sendLater(delayMs: number, message: In): CancelTimer;

  /** Says that the actor is alive while one message keeps it busy for long. */
  heartbeat(): void;

  /** Ends this actor after the message being handled, as `normal`. */
  stop(): void;

  /** Emits a `log` event. */
  log(level: LogLevel, text: string, fields?: Readonly<Record<string, unknown>>): void;

  /**
   * For the default arm of a behaviour's switch: does not compile while a message type is
   * unhandled. At run time it refuses the message with an `unknown-message` event (and the request,
   * if it is one), and the actor lives on: the mistake is the sender's.
   *
   * @throws {UnknownMessageError} Always.
   */
  unknown(message: never): never;
}

/** How an actor reacts. One message at a time: the next waits until the promise has settled. */
export interface Behavior<In extends Message = never, Out extends Message = Message> {
  /** Handles one message. Throwing ends the actor as `failed`; its supervisor decides what then. */
  receive(message: In, context: Context<In, Out>): void | Promise<void>;
  /** Lets go of what the actor holds. Called once when it ends in order, not when it is killed. */
  stop?(reason: string): void | Promise<void>;
}

/**
 * Makes the behaviour. The module of an actor that does not run in memory exports one as `start`.
 *
 * @example An actor that counts
 * ```ts
 * import type { Start } from "@mddes/mddes/runtime";
 *
 * type In = { readonly type: "Add"; readonly amount: number } | { readonly type: "Get" };
 * type Out = { readonly type: "Total"; readonly total: number };
 *
 * export const start: Start<{ from: number }, In, Out> = ({ from }) => {
 *   let total = from;
 *   return {
 *     receive(message, context) {
 *       switch (message.type) {
 *         case "Add":
 *           total += message.amount;
 *           return;
 *         case "Get":
 *           return context.reply({ type: "Total", total });
 *         default:
 *           return context.unknown(message);
 *       }
 *     },
 *   };
 * };
 * ```
 */
export type Start<Init, In extends Message, Out extends Message = Message> = (
  init: Init,
  context: Context<In, Out>,
) => Behavior<In, Out> | Promise<Behavior<In, Out>>;

/** A {@linkcode Start} of any message types, as child specifications hold it. */
export type AnyStart = (init: never, context: never) => Behavior | Promise<Behavior>;

/** Why a request got no reply. */
export type RequestFailure =
  | "timeout"
  | "no-such-actor"
  | "exited"
  | "no-reply"
  | "unknown-message";

/** A request that got no reply. */
export class RequestError extends Error {
  /**
   * Creates the error.
   *
   * @param failure Why there is no reply.
   * @param message The same in words.
   */
  constructor(readonly failure: RequestFailure, message: string) {
    super(message);
    this.name = "RequestError";
  }
}

/** A message that its receiver does not know. */
export class UnknownMessageError extends Error {
  /**
   * Creates the error.
   *
   * @param actor The receiver's name.
   * @param messageType The message's `type`.
   */
  constructor(readonly actor: string, readonly messageType: string) {
    super(`Cannot handle message: actor "${actor}" does not know "${messageType}"`);
    this.name = "UnknownMessageError";
  }
}
