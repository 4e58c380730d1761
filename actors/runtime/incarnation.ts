/**
 * One life of an actor, from launch to exit.
 *
 * @module
 */

import { type LogLevel, RequestError } from "./actor.ts";
import type { ActorCell } from "./cell.ts";
import type { CancelTimer } from "./clock.ts";
import type { Message } from "./envelope.ts";
import { describeExit, type ExitReason, type KillCause } from "./events.ts";
import type { Router } from "./router.ts";
import type { Downlink, Uplink } from "./transports/transport.ts";

/** Who wants to know how an incarnation fares. */
export interface Observer {
  ready(): void;
  /** `asked` says whether it had been asked to stop. */
  exited(reason: ExitReason, asked: boolean): void;
}

const SECOND_LOOK_MS = 50;

/** One life of an actor, from launch to exit. */
export class Incarnation implements Uplink {
  readonly #cell: ActorCell;
  readonly #router: Router;
  readonly #number: number;
  readonly #observer: Observer;
  #downlink: Downlink | undefined;
  #state: "starting" | "ready" | "stopping" | "dying" | "over" = "starting";
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

  /** Starts it. */
  launch(): void {
    const { options } = this.#cell;
    const { clock, scheduler } = this.#router;
    this.#setDeadline(options.startTimeoutMs, "start-timeout");
    try {
      this.#downlink = options.transport.start({
        name: options.name,
        start: options.start,
        init: options.init,
        heartbeatEveryMs: Math.min(1000, options.heartbeatTimeoutMs / 4),
        mailbox: this.#cell.mailbox,
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
    const { mailbox, options } = this.#cell;
    for (let envelope = mailbox.take(); envelope; envelope = mailbox.take()) {
      if (mailbox.taken === 1) this.#lastSign = this.#router.clock.now();
      this.#downlink!.deliver(envelope);
    }
    const isWatched = options.heartbeatTimeoutMs < Infinity;
    if (isWatched && this.#cancelWatch === undefined && mailbox.taken > 0) this.#watch();
  }

  /** Asks the actor to end; resolves when it has. */
  stop(why: string): Promise<void> {
    if (this.#stopped !== undefined) return this.#stopped;
    this.#stopped = new Promise((resolve) => this.#onStopped = resolve);
    if (this.#state === "dying") return this.#stopped;
    this.#state = "stopping";
    this.#setDeadline(this.#cell.options.shutdownMs, "shutdown-timeout");
    this.#downlink!.stop(why);
    return this.#stopped;
  }

  /** Ends the actor, whatever it is doing. */
  kill(cause: KillCause): void {
    if (this.#dead) return;
    this.#state = "dying";
    this.#cancelTimers();
    this.#downlink!.kill({ kind: "killed", cause });
  }

  ready(): void {
    if (this.#dead) return;
    if (this.#state === "starting") {
      this.#state = "ready";
      this.#cancelDeadline?.();
    }
    this.#router.emit({ type: "started", actor: this.#name, incarnation: this.#number });
    this.#observer.ready();
    this.pump();
  }

  done(): void {
    if (this.#dead) return;
    this.#sign();
    const envelope = this.#cell.mailbox.finish();
    if (envelope?.replyTo !== undefined) {
      this.#router.refuse(envelope, "no-reply", "the actor handled it and did not reply");
    }
    this.pump();
  }

  reply(request: number, message: Message): void {
    if (this.#dead) return;
    const envelope = this.#cell.mailbox.oldest;
    if (envelope?.id === request) this.#router.reply(envelope, message);
  }

  unknown(): void {
    const envelope = this.#cell.mailbox.oldest;
    if (this.#dead || envelope === undefined) return;
    this.#router.emit({ type: "unknown-message", actor: this.#name, envelope });
    this.#router.refuse(
      envelope,
      "unknown-message",
      `actor "${this.#name}" does not know "${envelope.message.type}"`,
    );
  }

  send(to: string, message: Message, trace: string | undefined): Promise<void> {
    if (this.#dead) {
      this.#router.bury(this.#name, to, message, trace);
      return Promise.resolve();
    }
    this.#sign();
    return this.#router.send(this.#name, to, message, trace);
  }

  request(
    to: string,
    message: Message,
    timeoutMs: number,
    trace: string | undefined,
  ): Promise<Message> {
    if (this.#dead) {
      this.#router.bury(this.#name, to, message, trace);
      return Promise.reject(new RequestError("exited", `Actor "${this.#name}" has ended`));
    }
    this.#sign();
    return this.#router.request(this.#name, to, message, timeoutMs, trace);
  }

  heartbeat(): void {
    if (this.#dead) return;
    this.#sign();
    this.#router.emit({ type: "heartbeat", actor: this.#name });
  }

  log(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>>): void {
    this.#sign();
    this.#router.emit({ type: "log", actor: this.#name, level, text, fields });
  }

  exited(reason: ExitReason): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cancelTimers();
    const lost = this.#cell.mailbox.recall();
    this.#router.emit({
      type: "exited",
      actor: this.#name,
      incarnation: this.#number,
      reason,
      lost: lost.length,
    });
    const why = `actor "${this.#name}" ended before it had handled it: ${describeExit(reason)}`;
    for (const envelope of lost) this.#router.deadLetter(envelope, "exited", why);
    this.#observer.exited(reason, this.#stopped !== undefined);
    this.#onStopped();
  }

  get #name(): string {
    return this.#cell.options.name;
  }

  get #dead(): boolean {
    return this.#state === "dying" || this.#state === "over";
  }

  #setDeadline(ms: number, cause: KillCause): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = this.#router.clock.setTimer(ms, () => this.kill(cause));
  }

  #cancelTimers(): void {
    this.#cancelWatch?.();
    this.#cancelDeadline?.();
  }

  #sign(): void {
    this.#lastSign = this.#router.clock.now();
  }

  /** Kills the actor when it has been busy for `heartbeatTimeoutMs` without a sign of life. */
  #watch(): void {
    const { heartbeatTimeoutMs } = this.#cell.options;
    const since = this.#lastSign;
    this.#lookIn(since + heartbeatTimeoutMs - this.#router.clock.now(), () => {
      if (this.#lastSign > since) return this.#watch();
      // This thread may have been the one that was busy: the signs that wait are read first.
      this.#lookIn(Math.min(SECOND_LOOK_MS, heartbeatTimeoutMs / 4), () => {
        if (this.#lastSign > since) this.#watch();
        else this.kill("hung");
      });
    });
  }

  #lookIn(ms: number, look: () => void): void {
    this.#cancelWatch = this.#router.clock.setTimer(ms, () => {
      this.#cancelWatch = undefined;
      if (this.#cell.mailbox.taken > 0) look();
    });
  }
}
