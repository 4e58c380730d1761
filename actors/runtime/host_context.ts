/**
 * What an actor acts through, wherever it runs.
 *
 * @module
 */

import {
  type Context,
  type LogLevel,
  type RequestOptions,
  type SendOptions,
  UnknownMessageError,
} from "./actor.ts";
import type { CancelTimer, Clock } from "./clock.ts";
import type { ActorRef, Envelope, Message } from "./envelope.ts";
import { copyMessage, copyPlainData } from "./plain_data.ts";
import type { Uplink } from "./transports/transport.ts";

/** The {@linkcode Context} that an {@linkcode ActorHost} gives to its actor. */
export class HostContext implements Context<Message> {
  readonly name: string;
  readonly self: ActorRef<Message>;
  readonly clock: Clock;
  /** The envelope being handled. */
  current: Envelope | undefined;
  readonly #uplink: Uplink;
  readonly #controller = new AbortController();
  readonly #stop: () => void;
  readonly #heartbeatEveryMs: number;
  readonly #copying: { readonly sharesMemory: boolean };
  #lastHeartbeat = -Infinity;
  readonly #timers = new Set<CancelTimer>();
  /** The id of the last envelope that was answered. */
  #answered = -1;

  constructor(
    name: string,
    uplink: Uplink,
    clock: Clock,
    heartbeatEveryMs: number,
    sharesMemory: boolean,
    stop: () => void,
  ) {
    this.name = name;
    this.self = { name };
    this.clock = clock;
    this.#uplink = uplink;
    this.#heartbeatEveryMs = heartbeatEveryMs;
    this.#copying = { sharesMemory };
    this.#stop = stop;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get trace(): string | undefined {
    return this.current?.trace;
  }

  abort(why: string): void {
    this.#controller.abort(why);
  }

  /** Nothing is to follow from this actor. */
  end(why: string): void {
    this.abort(why);
    for (const cancel of this.#timers) cancel();
  }

  send(to: ActorRef<never>, message: Message, options?: SendOptions): Promise<void> {
    const copy = copyMessage(message, "send", this.#copying);
    return this.#uplink.send(to.name, copy, options?.trace ?? this.trace);
  }

  request<Reply extends Message>(
    to: ActorRef<never, Reply>,
    message: Message,
    options: RequestOptions,
  ): Promise<Reply> {
    const copy = copyMessage(message, "request", this.#copying);
    assertTimeout(message, options.timeoutMs);
    const trace = options.trace ?? this.trace;
    return this.#uplink.request(to.name, copy, options.timeoutMs, trace) as Promise<Reply>;
  }

  reply(message: Message): void {
    const request = this.current?.id;
    if (request === undefined) {
      throw new Error(`Cannot reply: actor "${this.name}" is not handling a message`);
    }
    if (request === this.#answered) {
      throw new Error(
        `Cannot reply: actor "${this.name}" has already answered "${this.current!.message.type}"`,
      );
    }
    const copy = copyMessage(message, "reply", this.#copying);
    this.#answered = request;
    this.#uplink.reply(request, copy);
  }

  sendLater(delayMs: number, message: Message): CancelTimer {
    const copy = copyMessage(message, "send", this.#copying);
    const cancel = () => {
      this.#timers.delete(cancel);
      cancelTimer();
    };
    const cancelTimer = this.clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      void this.#uplink.send(this.name, copy, undefined);
    });
    this.#timers.add(cancel);
    return cancel;
  }

  heartbeat(): void {
    const now = this.clock.now();
    if (now - this.#lastHeartbeat < this.#heartbeatEveryMs) return;
    this.#lastHeartbeat = now;
    this.#uplink.heartbeat();
  }

  stop(): void {
    this.#stop();
  }

  log(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#uplink.log(level, text, copyPlainData(fields, `log "${text}"`, this.#copying));
  }

  unknown(message: never): never {
    throw new UnknownMessageError(this.name, String((message as Message).type));
  }
}

/** @throws {RangeError} If the timeout is not positive. */
export function assertTimeout(message: Message, timeoutMs: number): void {
  if (timeoutMs > 0) return;
  throw new RangeError(
    `Cannot request "${message.type}": timeoutMs must be positive, received ${timeoutMs}`,
  );
}
