/**
 * The system's side of one actor: its mailbox, which outlives restarts, and its present incarnation.
 *
 * @module
 */

import type { AnyStart, LogLevel } from "./actor.ts";
import type { CancelTimer } from "./clock.ts";
import type { Envelope, Message } from "./envelope.ts";
import { describeExit, type ExitReason, type KillCause } from "./events.ts";
import { Mailbox } from "./mailbox.ts";
import type { Receiver, Router } from "./router.ts";
import type { Downlink, SystemUplink, Transport } from "./transports/transport.ts";

/** What is fixed about an actor, whatever its incarnation. */
export interface CellOptions {
  readonly name: string;
  readonly start: AnyStart | URL;
  readonly init: unknown;
  readonly transport: Transport;
  readonly mailboxCapacity: number;
  readonly startTimeoutMs: number;
  readonly shutdownMs: number;
  readonly heartbeatTimeoutMs: number;
}

const REFUSED = Promise.resolve();

/**
 * Takes messages for an actor, whether it is running or between two incarnations, and gives each to
 * at most one incarnation.
 */
export class ActorCell implements Receiver {
  readonly options: CellOptions;
  readonly router: Router;
  readonly mailbox: Mailbox<Envelope>;
  readonly #onExit: (reason: ExitReason) => void;
  #incarnations = 0;
  #current: Incarnation | undefined;
  #closed = false;

  /** @param onExit Called when an incarnation ends, for whatever reason, once it had been ready. */
  constructor(options: CellOptions, router: Router, onExit: (reason: ExitReason) => void) {
    this.options = options;
    this.router = router;
    this.#onExit = onExit;
    this.mailbox = new Mailbox(options.mailboxCapacity);
    router.receivers.set(options.name, this);
  }

  /** Whether an incarnation is starting or running. */
  get running(): boolean {
    return this.#current !== undefined;
  }

  /** See {@linkcode Receiver.accept}. */
  accept(envelope: Envelope): Promise<void> {
    if (this.#closed) {
      this.router.deadLetter(envelope, "exited", `actor "${this.options.name}" has stopped`);
      return REFUSED;
    }
    const accepted = this.mailbox.put(envelope);
    this.#current?.pump();
    return accepted;
  }

  /** Starts the next incarnation; resolves to `undefined` when it is ready, or to why it is not. */
  start(): Promise<ExitReason | undefined> {
    return new Promise((resolve) => {
      const incarnation = new Incarnation(this, ++this.#incarnations, {
        ready: () => resolve(undefined),
        exited: (reason, wasReady) => {
          this.#current = undefined;
          if (wasReady) this.#onExit(reason);
          else resolve(reason);
        },
      });
      this.#current = incarnation;
      incarnation.launch();
    });
  }

  /** Lets the incarnation finish what it has taken, for at most `shutdownMs`, and end. */
  stop(why: string): Promise<void> {
    return this.#current?.stop(why) ?? REFUSED;
  }

  /** Ends the incarnation now, whatever it is doing. */
  kill(cause: KillCause): void {
    this.#current?.kill(cause);
  }

  /** From now on messages for this actor are dead letters. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.router.receivers.delete(this.options.name);
    for (const envelope of this.mailbox.clear()) {
      this.router.deadLetter(envelope, "exited", `actor "${this.options.name}" has stopped`);
    }
  }
}

interface Observer {
  ready(): void;
  exited(reason: ExitReason, wasReady: boolean): void;
}

/** One life of an actor, from launch to exit. */
class Incarnation implements SystemUplink {
  readonly #cell: ActorCell;
  readonly #router: Router;
  readonly #number: number;
  readonly #observer: Observer;
  #downlink: Downlink | undefined;
  #state: "starting" | "ready" | "stopping" | "over" = "starting";
  #wasReady = false;
  #lastSign = 0;
  #cancelWatch: CancelTimer | undefined;
  #cancelDeadline: CancelTimer | undefined;
  #stopped: Promise<void> | undefined;
  #onStopped: () => void = () => {};

  constructor(cell: ActorCell, number: number, observer: Observer) {
    this.#cell = cell;
    this.#router = cell.router;
    this.#number = number;
    this.#observer = observer;
  }

  launch(): void {
    const { options } = this.#cell;
    const { clock, scheduler } = this.#router;
    this.#cancelDeadline = clock.setTimer(
      options.startTimeoutMs,
      () => this.kill("start-timeout"),
    );
    try {
      this.#downlink = options.transport({
        name: options.name,
        start: options.start,
        init: options.init,
        heartbeatEveryMs: Math.min(1000, options.heartbeatTimeoutMs / 4),
        clock,
        scheduler,
      }, this);
    } catch (error) {
      this.exited({ kind: "failed", error: error as Error });
    }
  }

  /** Hands over what the mailbox has accepted. */
  pump(): void {
    if (this.#state !== "ready") return;
    const { mailbox } = this.#cell;
    for (let envelope = mailbox.take(); envelope; envelope = mailbox.take()) {
      if (mailbox.taken === 1) this.#lastSign = this.#router.clock.now();
      this.#downlink!.deliver(envelope);
    }
    if (this.#cancelWatch === undefined && mailbox.taken > 0) this.#watch();
  }

  stop(why: string): Promise<void> {
    if (this.#stopped === undefined) {
      const { shutdownMs } = this.#cell.options;
      this.#stopped = new Promise((resolve) => this.#onStopped = resolve);
      this.#cancelDeadline?.();
      this.#cancelDeadline = this.#router.clock.setTimer(
        shutdownMs,
        () => this.kill("shutdown-timeout"),
      );
      this.#state = "stopping";
      this.#downlink!.stop(why);
    }
    return this.#stopped;
  }

  kill(cause: KillCause): void {
    this.#downlink?.kill();
    this.exited({ kind: "killed", cause });
  }

  ready(): void {
    if (this.#state === "over") return;
    this.#wasReady = true;
    this.#router.emit({
      type: "started",
      actor: this.#cell.options.name,
      incarnation: this.#number,
    });
    if (this.#state === "starting") {
      this.#cancelDeadline?.();
      this.#state = "ready";
    }
    this.#observer.ready();
    this.pump();
  }

  done(): void {
    if (this.#state === "over") return;
    this.#sign();
    const envelope = this.#cell.mailbox.finish();
    if (envelope?.replyTo !== undefined) {
      this.#router.refuse(envelope, "no-reply", "the actor handled it and did not reply");
    }
    this.pump();
  }

  reply(request: number, message: Message): void {
    if (this.#state === "over") return;
    const envelope = this.#cell.mailbox.oldest;
    if (envelope?.id === request) this.#router.reply(envelope, message);
  }

  unknown(): void {
    const envelope = this.#cell.mailbox.oldest;
    if (this.#state === "over" || envelope === undefined) return;
    const { name } = this.#cell.options;
    this.#router.emit({ type: "unknown-message", actor: name, envelope });
    this.#router.refuse(
      envelope,
      "unknown-message",
      `actor "${name}" does not know "${envelope.message.type}"`,
    );
  }

  send(to: string, message: Message, trace: string | undefined): Promise<void> {
    this.#sign();
    return this.#router.send(this.#cell.options.name, to, message, trace);
  }

  request(
    to: string,
    message: Message,
    timeoutMs: number,
    trace: string | undefined,
  ): Promise<Message> {
    this.#sign();
    return this.#router.request(this.#cell.options.name, to, message, timeoutMs, trace);
  }

  undelivered(envelope: Envelope, error: Error): void {
    if (this.#state === "over") return;
    this.#cell.mailbox.discard(envelope);
    this.#router.deadLetter(envelope, "not-sent", `it cannot be copied: ${error.message}`);
    this.pump();
  }

  heartbeat(): void {
    if (this.#state === "over") return;
    this.#sign();
    this.#router.emit({ type: "heartbeat", actor: this.#cell.options.name });
  }

  log(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>>): void {
    this.#sign();
    this.#router.emit({ type: "log", actor: this.#cell.options.name, level, text, fields });
  }

  exited(reason: ExitReason): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cancelWatch?.();
    this.#cancelDeadline?.();
    const { name } = this.#cell.options;
    const lost = this.#cell.mailbox.recall();
    this.#router.emit({
      type: "exited",
      actor: name,
      incarnation: this.#number,
      reason,
      lost: lost.length,
    });
    const why = `actor "${name}" ended before it had handled it: ${describeExit(reason)}`;
    for (const envelope of lost) this.#router.deadLetter(envelope, "exited", why);
    this.#observer.exited(reason, this.#wasReady);
    this.#onStopped();
  }

  #sign(): void {
    this.#lastSign = this.#router.clock.now();
  }

  /** Kills the actor when it has been busy for `heartbeatTimeoutMs` without a sign of life. */
  #watch(): void {
    const { clock } = this.#router;
    const { heartbeatTimeoutMs } = this.#cell.options;
    if (heartbeatTimeoutMs === Infinity) return;
    const due = this.#lastSign + heartbeatTimeoutMs;
    this.#cancelWatch = clock.setTimer(due - clock.now(), () => {
      this.#cancelWatch = undefined;
      if (this.#cell.mailbox.taken === 0) return;
      const now = clock.now();
      // A late timer means that this thread was blocked: signs of life may be waiting unread.
      if (now - due > heartbeatTimeoutMs / 2) this.#lastSign = now;
      if (now - this.#lastSign >= heartbeatTimeoutMs) this.kill("hung");
      else this.#watch();
    });
  }
}
