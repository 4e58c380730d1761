/**
 * The system's side of one actor: its mailbox, which outlives restarts, and its present incarnation.
 *
 * @module
 */

import type { AnyStart } from "./actor.ts";
import type { Envelope } from "./envelope.ts";
import type { ExitReason, KillCause } from "./events.ts";
import { Incarnation } from "./incarnation.ts";
import { Mailbox } from "./mailbox.ts";
import type { Router } from "./router.ts";
import type { Transport } from "./transports/transport.ts";

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
export class ActorCell {
  readonly options: CellOptions;
  readonly router: Router;
  readonly mailbox: Mailbox<Envelope>;
  readonly #onExit: (reason: ExitReason) => void;
  #incarnations = 0;
  #current: Incarnation | undefined;
  #closed = false;

  /** @param onExit Called when an incarnation that had been ready ends without having been asked. */
  constructor(options: CellOptions, router: Router, onExit: (reason: ExitReason) => void) {
    this.options = options;
    this.router = router;
    this.#onExit = onExit;
    this.mailbox = new Mailbox(options.mailboxCapacity);
    router.cells.set(options.name, this);
  }

  /** Whether an incarnation is starting or running. */
  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Resolves when there was room for it in the mailbox. */
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
      let ready = false;
      this.#current = new Incarnation(this, ++this.#incarnations, {
        ready() {
          ready = true;
          resolve(undefined);
        },
        exited: (reason, asked) => {
          this.#current = undefined;
          if (!ready) resolve(reason);
          else if (!asked) this.#onExit(reason);
        },
      });
      this.#current.launch();
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
    this.router.cells.delete(this.options.name);
    for (const envelope of this.mailbox.clear()) {
      this.router.deadLetter(envelope, "exited", `actor "${this.options.name}" has stopped`);
    }
  }
}
