/**
 * Runs one actor: the same code in memory, in a worker and in a process.
 *
 * @module
 */

import { exported } from "../../exported.ts";
import { type Behavior, UnknownMessageError } from "./actor.ts";
import type { Clock } from "./clock.ts";
import type { Envelope, Message } from "./envelope.ts";
import type { ExitReason } from "./events.ts";
import { HostContext } from "./host_context.ts";
import { Queue } from "./mailbox.ts";
import { errorFrom } from "./thrown.ts";
import type { Launch, Uplink } from "./transports/transport.ts";

/** What an {@linkcode ActorHost} needs to know. */
export interface HostOptions {
  readonly name: string;
  /** How often a heartbeat is worth passing on, in ms. */
  readonly heartbeatEveryMs: number;
  readonly clock: Clock;
  readonly scheduler: Launch["scheduler"];
  /** As the transport says. */
  readonly sharesMemory: boolean;
}

/** A module, as it was imported: nothing says yet that it is that of an actor. */
export type ActorModule = Readonly<Record<string, unknown>>;

/** An actor's end of its transport: takes deliveries, and runs the behaviour on them in turn. */
export class ActorHost {
  readonly #uplink: Uplink;
  readonly #scheduler: Launch["scheduler"];
  readonly #context: HostContext;
  readonly #inbox = new Queue<Envelope>();
  #behavior: Behavior<Message> | undefined;
  /** A step is scheduled, or a message is being handled. */
  #busy = false;
  #ending: { kind: "normal" | "shutdown"; why: string } | undefined;
  #ended = false;

  constructor(
    { name, heartbeatEveryMs, clock, scheduler, sharesMemory }: HostOptions,
    uplink: Uplink,
  ) {
    this.#uplink = uplink;
    this.#scheduler = scheduler;
    this.#context = new HostContext(
      name,
      uplink,
      clock,
      heartbeatEveryMs,
      sharesMemory,
      () => this.#stopItself(),
    );
  }

  /** Calls `start` of the module that `load` gives; what it throws is the actor's failure. */
  async start(load: () => ActorModule | Promise<ActorModule>, init: unknown): Promise<void> {
    try {
      const module = await load();
      const { start } = module;
      if (typeof start !== "function") {
        throw new TypeError(
          `Cannot start actor "${this.#context.name}": expected a module that exports a function ` +
            `start, ${exported(module)}`,
        );
      }
      const behavior: Behavior<Message> | undefined = await start(init, this.#context);
      if (this.#ended) return;
      if (typeof behavior?.receive !== "function") {
        throw new TypeError(
          `Cannot start actor "${this.#context.name}": expected start to give a behaviour`,
        );
      }
      this.#behavior = behavior;
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
    this.#exit({ kind: "failed", error: errorFrom(thrown) });
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
