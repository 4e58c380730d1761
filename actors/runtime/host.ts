/**
 * Runs one actor: the same code in memory, in a worker and in a process.
 *
 * @module
 */

import {
  type AnyStart,
  type Behavior,
  type Context,
  type LogLevel,
  type RequestOptions,
  type SendOptions,
  UnknownMessageError,
} from "./actor.ts";
import type { CancelTimer, Clock } from "./clock.ts";
import type { ActorRef, Envelope, Message } from "./envelope.ts";
import type { ExitReason } from "./events.ts";
import { Queue } from "./mailbox.ts";
import { assertMessage, assertPlainData } from "./plain_data.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Uplink } from "./transports/transport.ts";

/** What an {@linkcode ActorHost} needs to know. */
export interface HostOptions {
  readonly name: string;
  /** How often a heartbeat is worth passing on, in ms. */
  readonly heartbeatEveryMs: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** An actor's end of its transport: takes deliveries, and runs the behaviour on them in turn. */
export class ActorHost {
  readonly #uplink: Uplink;
  readonly #scheduler: Scheduler;
  readonly #context: HostContext;
  readonly #inbox = new Queue<Envelope>();
  #behavior: Behavior<Message> | undefined;
  /** A step is scheduled, or a message is being handled. */
  #busy = false;
  #ending: { kind: "normal" | "shutdown"; why: string } | undefined;
  #ended = false;

  constructor(
    { name, heartbeatEveryMs, clock, scheduler }: HostOptions,
    uplink: Uplink,
  ) {
    this.#uplink = uplink;
    this.#scheduler = scheduler;
    this.#context = new HostContext(
      name,
      uplink,
      clock,
      heartbeatEveryMs,
      () => this.#stopItself(),
    );
  }

  /** Calls the start function that `load` gives; what it throws is the actor's failure. */
  async start(load: () => AnyStart | Promise<AnyStart>, init: unknown): Promise<void> {
    try {
      const start = await load();
      const behavior = await start(init as never, this.#context as never);
      if (this.#ended) return;
      this.#behavior = behavior as Behavior<Message>;
      this.#uplink.ready();
      this.#wake();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Adds a message to those to be handled. */
  deliver(envelope: Envelope): void {
    this.#inbox.push(envelope);
    this.#wake();
  }

  /** Aborts the signal; ends the actor once the inbox is empty. */
  stop(why: string): void {
    this.#ending ??= { kind: "shutdown", why };
    this.#context.abort(why);
    this.#wake();
  }

  /** Cuts the actor off: what it still does reaches nobody. */
  kill(reason: ExitReason): void {
    this.#exit(reason);
  }

  /** Ends the actor because of an error, thrown in it or around it. */
  fail(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#exit({ kind: "failed", error });
  }

  #stopItself(): void {
    this.#ending ??= { kind: "normal", why: "normal" };
    this.#wake();
  }

  #wake(): void {
    if (this.#busy || this.#ended || this.#behavior === undefined) return;
    if (this.#inbox.length === 0 && this.#ending === undefined) return;
    this.#busy = true;
    this.#scheduler.schedule(this.#step);
  }

  readonly #step = (): void => {
    if (this.#ended) return;
    const endsItself = this.#ending?.kind === "normal";
    const envelope = endsItself ? undefined : this.#inbox.shift();
    if (envelope === undefined) {
      if (this.#ending !== undefined) void this.#end(this.#ending);
      else this.#busy = false;
      return;
    }
    this.#context.current = envelope;
    try {
      const handled = this.#behavior!.receive(envelope.message, this.#context);
      if (handled === undefined) this.#handled();
      else handled.then(this.#handled, this.#threw);
    } catch (error) {
      this.#threw(error);
    }
  };

  readonly #handled = (): void => {
    this.#context.current = undefined;
    if (this.#ended) return;
    this.#uplink.done(this.#inbox.length);
    this.#busy = false;
    this.#wake();
  };

  readonly #threw = (error: unknown): void => {
    if (this.#ended) return;
    if (!(error instanceof UnknownMessageError)) return this.fail(error);
    this.#uplink.unknown();
    this.#handled();
  };

  async #end(ending: { kind: "normal" | "shutdown"; why: string }): Promise<void> {
    try {
      await this.#behavior!.stop?.(ending.why);
      this.#exit({ kind: ending.kind });
    } catch (error) {
      this.fail(error);
    }
  }

  #exit(reason: ExitReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.end(reason.kind);
    this.#uplink.exited(reason);
  }
}

class HostContext implements Context<Message> {
  readonly name: string;
  readonly self: ActorRef<Message>;
  readonly clock: Clock;
  /** The envelope being handled. */
  current: Envelope | undefined;
  readonly #uplink: Uplink;
  readonly #controller = new AbortController();
  readonly #stop: () => void;
  readonly #heartbeatEveryMs: number;
  #lastHeartbeat = -Infinity;
  readonly #timers = new Set<CancelTimer>();
  /** The id of the last envelope that was answered. */
  #answered = -1;

  constructor(
    name: string,
    uplink: Uplink,
    clock: Clock,
    heartbeatEveryMs: number,
    stop: () => void,
  ) {
    this.name = name;
    this.self = { name };
    this.clock = clock;
    this.#uplink = uplink;
    this.#heartbeatEveryMs = heartbeatEveryMs;
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
    assertMessage(message, "send");
    return this.#uplink.send(to.name, message, options?.trace ?? this.trace);
  }

  request<Reply extends Message>(
    to: ActorRef<never, Reply>,
    message: Message,
    options: RequestOptions,
  ): Promise<Reply> {
    assertMessage(message, "request");
    assertTimeout(message, options.timeoutMs);
    const trace = options.trace ?? this.trace;
    return this.#uplink.request(to.name, message, options.timeoutMs, trace) as Promise<Reply>;
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
    assertMessage(message, "reply");
    this.#answered = request;
    this.#uplink.reply(request, message);
  }

  sendLater(delayMs: number, message: Message): CancelTimer {
    assertMessage(message, "send");
    const cancel = () => {
      this.#timers.delete(cancel);
      cancelTimer();
    };
    const cancelTimer = this.clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      void this.#uplink.send(this.name, message, undefined);
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
    assertPlainData(fields, `log "${text}"`);
    this.#uplink.log(level, text, fields);
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
