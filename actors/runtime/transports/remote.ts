/**
 * The system's end of an actor on another thread, in another process or on another host.
 *
 * @module
 */

import type { RequestError } from "../actor.ts";
import type { Envelope } from "../envelope.ts";
import type { ExitReason } from "../events.ts";
import { assertPlainData, type CopyOptions } from "../plain_data.ts";
import { errorFrom } from "../thrown.ts";
import { assertFromActor, refusal } from "./from_actor.ts";
import type { Downlink, Launch, Uplink } from "./transport.ts";
import { Batch, type FromActor, type ToActor } from "./wire.ts";

/** Takes what comes from the other side. */
export interface ChannelListener {
  /** What the actor has sent, whatever that is. */
  receive(batch: unknown): void;
  /** Something went wrong in or around the actor. */
  fail(error: unknown): void;
  /** The other side has ended; nothing follows. */
  gone(reason: ExitReason): void;
  /** Something is not as it should be, and the actor lives. */
  warn(why: string): void;
}

/** How to reach the other side. */
export interface Channel {
  /** Says who takes what comes from there; the first thing to be called. */
  listen(listener: ChannelListener): void;
  /** Takes messages over. */
  post(batch: readonly ToActor[]): void;
  /** Ends the other side, whatever it is doing. */
  kill(): void;
}

/** What hangs in the kernel, in a driver say, does not end even when it is killed. */
export const GONE_AFTER_MS = 250;

/** Speaks {@linkcode ToActor} and {@linkcode FromActor} for an actor that runs elsewhere. */
export class RemoteActor implements Downlink, ChannelListener {
  readonly #launch: Launch;
  readonly #uplink: Uplink;
  readonly #channel: Channel;
  readonly #out: Batch<ToActor>;
  #ready = false;
  /** Set when the end has begun. */
  #reason: ExitReason | undefined;
  #gone = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param module Of the actor, as {@linkcode moduleOf} gives it. */
  constructor(launch: Launch, module: URL, uplink: Uplink, channel: Channel) {
    const { name, init, heartbeatEveryMs } = launch;
    this.#launch = launch;
    this.#uplink = uplink;
    this.#channel = channel;
    this.#out = new Batch((batch) => {
      if (this.#reason !== undefined) return;
      try {
        channel.post(batch);
      } catch (error) {
        this.fail(error); // too large, for example
      }
    });
    channel.listen(this);
    this.#out.add(["start", name, module.href, init, heartbeatEveryMs]);
    this.#out.flush();
  }

  /** See {@linkcode Downlink.deliver}. */
  deliver({ id, from, message, replyTo, trace }: Envelope): void {
    const asks = replyTo !== undefined;
    this.#out.add(
      trace === undefined
        ? ["deliver", id, from, message, asks]
        : ["deliver", id, from, message, asks, trace],
    );
  }

  /** See {@linkcode Downlink.stop}. */
  stop(why: string): void {
    this.#out.add(["stop", why]);
  }

  /** See {@linkcode Downlink.kill}. */
  kill(reason: ExitReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#timer = setTimeout(() => this.gone(reason), GONE_AFTER_MS);
    this.#channel.kill();
  }

  /** The other side has ended, because of `reason` unless the end had begun before. */
  gone(reason: ExitReason): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#reason ??= reason;
    clearTimeout(this.#timer);
    this.#uplink.exited(this.#reason);
  }

  /** Ends the other side because of an error that was thrown in or around it. */
  fail(thrown: unknown): void {
    this.kill({ kind: "failed", error: errorFrom(thrown) });
  }

  /** See {@linkcode ChannelListener.warn}. */
  warn(why: string): void {
    this.#uplink.log("warn", why, {});
  }

  /** Takes what the other side has sent; whatever is not in order ends it. */
  receive(batch: unknown): void {
    if (!Array.isArray(batch)) return this.#refuse(refusal(batch));
    for (const item of batch as unknown[]) {
      if (this.#reason !== undefined) return;
      try {
        assertFromActor(item, this.#ready, this.#launch.mailbox);
      } catch (error) {
        return this.#refuse((error as Error).message);
      }
      this.#receive(item);
    }
  }

  /** The message cannot travel to its receiver: the sender's mistake, thrown where it is. */
  #bar(call: number, { message }: TypeError): void {
    this.#out.add(["barred", call, message]);
  }

  #refuse(why: string): void {
    this.fail(new TypeError(`Cannot take what was sent for actor "${this.#launch.name}": ${why}`));
  }

  #receive(item: FromActor): void {
    switch (item[0]) {
      case "ready":
        this.#ready = true;
        return this.#uplink.ready();
      case "done":
        for (let left = item[1]; left > 0; left--) this.#uplink.done(left - 1);
        return;
      case "reply":
        try {
          return this.#uplink.reply(item[1], item[2]);
        } catch (error) {
          return this.fail(error);
        }
      case "unknown":
        return this.#uplink.unknown();
      case "send": {
        const [, call, to, message, trace] = item;
        try {
          this.#uplink.send(to, message, trace).then(() => this.#out.add(["accepted", call]));
        } catch (error) {
          this.#bar(call, error as TypeError);
        }
        return;
      }
      case "request": {
        const [, call, to, message, timeoutMs, trace] = item;
        try {
          this.#uplink.request(to, message, timeoutMs, trace).then(
            (reply) => this.#out.add(["replied", call, reply]),
            ({ failure, message: why }: RequestError) =>
              this.#out.add(["refused", call, failure, why]),
          );
        } catch (error) {
          this.#bar(call, error as TypeError);
        }
        return;
      }
      case "heartbeat":
        return this.#uplink.heartbeat();
      case "log":
        return this.#uplink.log(item[1], item[2], item[3]);
      case "exited":
        return this.kill({ kind: item[1] });
      case "failed":
        return this.fail(item[1]);
      default:
        item satisfies never;
    }
  }
}

/**
 * The module of an actor that is to run elsewhere.
 *
 * @throws {TypeError} If it is given as a function, or its `init` cannot travel there.
 */
export function moduleOf({ name, start, init }: Launch, options: CopyOptions): URL {
  if (!(start instanceof URL)) {
    throw new TypeError(
      `Cannot start actor "${name}": outside memory, start must be the URL of a module`,
    );
  }
  assertPlainData(init, `start actor "${name}"`, options);
  return start;
}
