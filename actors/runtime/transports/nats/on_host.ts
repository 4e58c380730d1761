/**
 * Actors on other hosts, that a NATS server connects with this one.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { PROTOCOL_VERSION } from "../../envelope.ts";
import { errorFrom } from "../../thrown.ts";
import { type Channel, type ChannelListener, moduleOf, RemoteActor } from "../remote.ts";
import type { Transport } from "../transport.ts";
import type { ToActor } from "../wire.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import {
  assertHostName,
  assertLimit,
  hostSubject,
  type LinkRequest,
  linkSubject,
  type NatsConnection,
  readRefusal,
  writeJson,
} from "./connection.ts";
import { Link } from "./link.ts";
import { assertFromHost, type FromHost, type ToHost } from "./wire.ts";

/**
 * On another host, where a program has called {@linkcode serveActors}, in a process of its own.
 *
 * What the actor's `start` leads to is found there by its file name, among the modules that the host
 * was given.
 */
export interface NatsPlacement {
  /** On a host that is reached over NATS. */
  readonly kind: "nats";
  /** Of this program; to be closed after the system has stopped. */
  readonly connection: NatsConnection;
  /** The name the host serves under. If several do, the server chooses one at each start. */
  readonly host: string;
  /**
   * How long the host and this program may not hear of each other, in ms, 100 to 3,600,000. Then the
   * actor has failed here, and is killed there. Default 15,000.
   */
  readonly lostAfterMs?: number;
}

const LOST_AFTER_MS = 15_000;

/**
 * Runs each actor on a host.
 *
 * @throws {RangeError} If the host cannot be called so, or `lostAfterMs` is out of range.
 */
export function onHost(placement: NatsPlacement): Transport {
  const lostAfterMs = placement.lostAfterMs ?? LOST_AFTER_MS;
  assertHostName(placement.host, "place actors on a host");
  assertLimit(lostAfterMs, "place actors on a host");
  return {
    sharesMemory: false,
    start(launch, uplink) {
      const module = moduleOf(launch, { sharesMemory: false });
      const channel = new HostChannel({ ...placement, lostAfterMs }, launch.name);
      return new RemoteActor(launch, module, uplink, channel);
    },
  };
}

/** The system's end of a link, for one life of an actor. */
class HostChannel implements Channel {
  readonly #placement: Required<NatsPlacement>;
  readonly #actor: string;
  readonly #name = crypto.randomUUID();
  readonly #link: Link;
  readonly #subscription: ReturnType<NatsConnection["subscribe"]>;
  #isOpen = false;
  #listener: ChannelListener | undefined;

  constructor(placement: Required<NatsPlacement>, actor: string) {
    const { connection, host, lostAfterMs } = placement;
    this.#placement = placement;
    this.#actor = actor;
    const there = linkSubject(host, this.#name, "host");
    this.#link = new Link({
      clock: systemClock,
      lostAfterMs,
      largestFrame: connection.info?.max_payload ?? Infinity,
      publish: (frame) => connection.publish(there, frame),
      receive: (bytes) => this.#receive(fromBytes(bytes)),
      lost: (why) => this.#lost(why),
    });
    this.#subscription = connection.subscribe(linkSubject(host, this.#name, "system"), {
      callback: (error, message) => {
        if (error) return this.#lost(error.message);
        try {
          this.#link.receive(message.data);
        } catch (thrown) {
          const why = errorFrom(thrown).message;
          this.#listener!.fail(
            new TypeError(`Cannot take what was sent for actor "${actor}": ${why}`),
          );
        }
      },
    });
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
    void this.#open();
  }

  post(batch: readonly ToActor[]): void {
    this.#send(["batch", batch]);
  }

  kill(): void {
    if (this.#isOpen) return this.#send(["kill"]);
    this.#close();
    this.#listener!.gone({ kind: "killed", cause: "kill" });
  }

  #send(item: ToHost): void {
    this.#link.send(toBytes(item));
  }

  async #open(): Promise<void> {
    const { connection, host, lostAfterMs } = this.#placement;
    const subject = hostSubject(host);
    const request: LinkRequest = { version: PROTOCOL_VERSION, link: this.#name, lostAfterMs };
    try {
      const options = { timeout: lostAfterMs };
      const { data } = await connection.request(subject, writeJson(request), options);
      const refused = readRefusal(data);
      if (refused !== undefined) return this.#end(this.#cannotStart(refused));
      this.#isOpen = true;
      this.#link.open();
    } catch (error) {
      const { message } = errorFrom(error);
      this.#end(this.#cannotStart(
        `nobody answers on the subject "${subject}" (${message}); it takes a program there that ` +
          `calls serveActors({ name: "${host}", ... })`,
      ));
    }
  }

  #cannotStart(why: string): Error {
    const { host } = this.#placement;
    return new Error(`Cannot start actor "${this.#actor}" on host "${host}": ${why}`);
  }

  #receive(item: unknown): void {
    assertFromHost(item);
    this.#take(item);
  }

  #take(item: FromHost): void {
    const listener = this.#listener!;
    switch (item[0]) {
      case "batch":
        return listener.receive(item[1]);
      case "warn":
        return listener.warn(item[1]);
      case "failed":
        return listener.fail(item[1]);
      case "gone":
        this.#close();
        return listener.gone({ kind: "exited", code: item[1], signal: item[2] });
      default:
        item satisfies never;
    }
  }

  #lost(why: string): void {
    this.#end(new Error(`Lost host "${this.#placement.host}" of actor "${this.#actor}": ${why}`));
  }

  #end(error: Error): void {
    this.#close();
    this.#listener!.gone({ kind: "failed", error });
  }

  #close(): void {
    this.#link.close();
    this.#subscription.unsubscribe();
  }
}
