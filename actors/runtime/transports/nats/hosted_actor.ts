/**
 * The host's end of a link, and the process or worker that it leads to.
 *
 * @module
 */

import { type CancelTimer, systemClock } from "../../clock.ts";
import type { ExitReason } from "../../events.ts";
import { copyError } from "../../plain_data.ts";
import { errorFrom } from "../../thrown.ts";
import { type Channel, type ChannelListener, GONE_AFTER_MS } from "../remote.ts";
import type { ToActor } from "../wire.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import { type LinkRequest, linkSubject, type NatsConnection } from "./connection.ts";
import { Link } from "./link.ts";
import { assertToActor } from "./to_actor.ts";
import { assertToHost, type FromHost } from "./wire.ts";

/** What a hosted actor needs of its host. */
export interface Lodging {
  readonly connection: NatsConnection;
  /** The name of the host. */
  readonly host: string;
  /**
   * The module that a system means.
   *
   * @throws {TypeError} If the host has none such.
   */
  find(module: string): URL;
  /** Starts a process or a worker for an actor. */
  open(module: URL): Channel;
}

/** Passes on what a system and an actor say to each other, for one life of the actor. */
export class HostedActor implements ChannelListener {
  /** Resolves when the actor has ended and its system knows, or is not heard of any more. */
  readonly ended: Promise<void>;
  readonly #lodging: Lodging;
  readonly #link: Link;
  readonly #subscription: ReturnType<NatsConnection["subscribe"]>;
  #resolveEnded: () => void = () => {};
  #channel: Channel | undefined;
  #cancelTimer: CancelTimer = () => {};
  #dying = false;
  #gone = false;

  constructor({ link: name, lostAfterMs }: LinkRequest, lodging: Lodging) {
    const { connection, host } = lodging;
    this.#lodging = lodging;
    this.ended = new Promise((resolve) => this.#resolveEnded = resolve);
    const there = linkSubject(host, name, "system");
    this.#link = new Link({
      clock: systemClock,
      lostAfterMs,
      largestFrame: connection.info?.max_payload ?? Infinity,
      publish: (frame) => connection.publish(there, frame),
      receive: (bytes) => this.#receive(fromBytes(bytes)),
      lost: () => this.kill(),
    });
    this.#subscription = connection.subscribe(linkSubject(host, name, "host"), {
      callback: (error, message) => {
        if (error) return this.fail(error);
        try {
          this.#link.receive(message.data);
        } catch (thrown) {
          const why = errorFrom(thrown).message;
          this.fail(
            new TypeError(`Cannot take what was sent to an actor on host "${host}": ${why}`),
          );
        }
      },
    });
    this.#link.open();
  }

  receive(batch: unknown): void {
    this.#send(["batch", batch]);
  }

  warn(why: string): void {
    this.#send(["warn", why]);
  }

  /** Tells the system, and ends the actor. */
  fail(error: unknown): void {
    if (this.#dying) return;
    this.#send(["failed", copyError(errorFrom(error))]);
    this.kill();
  }

  /** The actor has ended; when the system knows that, this is over. */
  async gone(reason: ExitReason): Promise<void> {
    if (this.#gone) return;
    const { code, signal } = reason.kind === "exited" ? reason : { code: null, signal: null };
    this.#send(["gone", code, signal]);
    this.#gone = true;
    this.#cancelTimer();
    await this.#link.empty();
    this.#link.close();
    this.#subscription.unsubscribe();
    this.#resolveEnded();
  }

  /** Ends the actor, whatever it is doing. */
  kill(): void {
    if (this.#dying || this.#gone) return;
    this.#dying = true;
    const reason: ExitReason = { kind: "killed", cause: "kill" };
    if (this.#channel === undefined) return void this.gone(reason);
    this.#cancelTimer = systemClock.setTimer(GONE_AFTER_MS, () => this.gone(reason));
    this.#channel.kill();
  }

  /** Does not wait for the system any more. */
  leave(): void {
    this.#link.close();
  }

  #send(item: FromHost): void {
    if (this.#gone) return;
    try {
      this.#link.send(toBytes(item));
    } catch (error) {
      this.fail(error); // too large, for example
    }
  }

  #receive(item: unknown): void {
    assertToHost(item);
    if (item[0] === "kill") return this.kill();
    const [, batch] = item;
    assertToActor(batch, this.#channel !== undefined);
    if (this.#dying || this.#gone) return;
    const [first, ...rest] = batch;
    if (first?.[0] === "start") this.#start(first, rest);
    else this.#channel?.post(batch);
  }

  #start(
    [, name, module, init, heartbeatEveryMs]: Extract<ToActor, readonly ["start", ...unknown[]]>,
    rest: readonly ToActor[],
  ): void {
    const { host } = this.#lodging;
    try {
      const url = this.#lodging.find(module);
      this.#channel = this.#lodging.open(url);
      this.#channel.listen(this);
      this.#channel.post([["start", name, url.href, init, heartbeatEveryMs], ...rest]);
    } catch (error) {
      const why = errorFrom(error).message;
      this.fail(new Error(`Cannot start actor "${name}" on host "${host}": ${why}`));
    }
  }
}
