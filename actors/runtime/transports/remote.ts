/**
 * The system's end of an actor on another thread or in another process.
 *
 * @module
 */

import { RequestError } from "../actor.ts";
import type { Envelope } from "../envelope.ts";
import type { ExitReason } from "../events.ts";
import type { Downlink, Launch, SystemUplink } from "./transport.ts";
import { Batch, type FromActor, type ToActor } from "./wire.ts";

/** How to reach the other side; what arrives from there goes to {@linkcode RemoteActor}. */
export interface Channel {
  /** Takes messages over. */
  post(batch: readonly ToActor[]): void;
  /** Ends the other side, whatever it is doing. */
  kill(): void;
}

/** Speaks {@linkcode ToActor} and {@linkcode FromActor} for an actor that runs elsewhere. */
export class RemoteActor implements Downlink {
  readonly #uplink: SystemUplink;
  readonly #channel: Channel;
  readonly #out: Batch<ToActor>;
  #ended = false;

  constructor(launch: Launch, uplink: SystemUplink, channel: Channel) {
    this.#uplink = uplink;
    this.#channel = channel;
    this.#out = new Batch((batch) => this.#post(batch));
    const { name, init, heartbeatEveryMs } = launch;
    if (!(launch.start instanceof URL)) {
      this.end({
        kind: "failed",
        error: new TypeError(
          `Cannot start actor "${name}": outside memory, start must be the URL of a module`,
        ),
      });
      return;
    }
    this.#out.add({
      op: "start",
      launch: { name, module: launch.start.href, init, heartbeatEveryMs },
    });
    this.#out.flush();
  }

  /** See {@linkcode Downlink.deliver}. */
  deliver(envelope: Envelope): void {
    this.#out.add({ op: "deliver", envelope });
  }

  /** See {@linkcode Downlink.stop}. */
  stop(why: string): void {
    this.#out.add({ op: "stop", why });
  }

  /** See {@linkcode Downlink.kill}. */
  kill(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#channel.kill();
  }

  /** The other side has ended. Only the first call counts. */
  end(reason: ExitReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#channel.kill();
    this.#uplink.exited(reason);
  }

  /** Takes what the other side has sent. */
  receive(batch: readonly FromActor[]): void {
    for (const item of batch) {
      if (this.#ended) return;
      this.#receive(item);
    }
  }

  #receive(item: FromActor): void {
    switch (item.op) {
      case "ready":
        return this.#uplink.ready();
      case "done":
        for (let i = 0; i < item.count; i++) this.#uplink.done();
        return;
      case "reply":
        return this.#uplink.reply(item.request, item.message);
      case "unknown":
        return this.#uplink.unknown();
      case "send":
        this.#uplink.send(item.to, item.message, item.trace)
          .then(() => this.#out.add({ op: "accepted", call: item.call }));
        return;
      case "request":
        this.#uplink.request(item.to, item.message, item.timeoutMs, item.trace).then(
          (message) => this.#out.add({ op: "replied", call: item.call, message }),
          (error: unknown) =>
            this.#out.add({
              op: "refused",
              call: item.call,
              failure: error instanceof RequestError ? error.failure : "not-sent",
              why: error instanceof Error ? error.message : String(error),
            }),
        );
        return;
      case "heartbeat":
        return this.#uplink.heartbeat();
      case "log":
        return this.#uplink.log(item.level, item.text, item.fields);
      case "exited":
        return this.end({ kind: item.kind });
      case "failed":
        return this.end({ kind: "failed", error: item.error });
      default:
        item satisfies never;
    }
  }

  #post(batch: readonly ToActor[]): void {
    if (this.#ended) return;
    try {
      this.#channel.post(batch);
    } catch (error) {
      if (batch.length > 1) { for (const item of batch) this.#post([item]); }
      else this.#notPosted(batch[0]!, error as Error);
    }
  }

  #notPosted(item: ToActor, error: Error): void {
    if (item.op === "deliver") return this.#uplink.undelivered(item.envelope, error);
    if (item.op !== "replied") return this.end({ kind: "failed", error });
    this.#post([{ op: "refused", call: item.call, failure: "not-sent", why: error.message }]);
  }
}
