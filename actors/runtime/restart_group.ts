/**
 * Children that are restarted together.
 *
 * @module
 */

import { ActorCell } from "./cell.ts";
import { sleep } from "./clock.ts";
import type { ExitReason } from "./events.ts";
import type { RunningSupervisor } from "./supervisor.ts";
import type { FullChildSpec, Placement } from "./supervisor_spec.ts";
import { inMemory } from "./transports/memory.ts";
import { onHost } from "./transports/nats/on_host.ts";
import { inProcess } from "./transports/process.ts";
import type { Transport } from "./transports/transport.ts";
import { inWorker } from "./transports/worker.ts";

/** A child that did not start, or ended once too often. */
export interface Failure {
  readonly actor: string;
  readonly reason: ExitReason;
}

interface Child {
  readonly spec: FullChildSpec;
  readonly cell: ActorCell;
  /** Has been ready at least once. */
  started: boolean;
  /** Will not be started again. */
  finished: boolean;
}

/**
 * Children of which each depends on those before it: when one ends, it and the rest are started
 * again. A supervisor that is one-for-one has a group for each child, one that is rest-for-one has
 * a single group.
 */
export class RestartGroup {
  readonly #supervisor: RunningSupervisor;
  readonly #children: readonly Child[];
  /** The first child to be started, and with it the rest; past the end if there is none. */
  #from: number;
  #delayMs = 0;
  #recovering = false;

  constructor(specs: readonly FullChildSpec[], supervisor: RunningSupervisor) {
    this.#supervisor = supervisor;
    this.#children = specs.map((spec, index) => ({
      spec,
      cell: new ActorCell(
        { ...spec, name: `${supervisor.name}/${spec.id}`, transport: transportTo(spec.placement) },
        supervisor.router,
        (reason) => this.#ended(index, reason),
      ),
      started: false,
      finished: false,
    }));
    this.#from = specs.length;
  }

  /** Whether no child will be started again. */
  get finished(): boolean {
    return this.#children.every((child) => child.finished);
  }

  /** Starts the children in order; resolves to the first that fails before it is ready. */
  start(): Promise<Failure | undefined> {
    this.#from = 0;
    return this.#recover(false);
  }

  /** Stops the children in reverse order. */
  stop(why: string): Promise<void> {
    return this.#stopFrom(0, why);
  }

  /** Kills the children, the last first. */
  kill(): void {
    for (const { cell } of this.#children.toReversed()) cell.kill("shutdown-timeout");
  }

  /** Makes dead letters of all that is still sent to the children. */
  close(): void {
    for (const { cell } of this.#children) cell.close();
  }

  #ended(index: number, reason: ExitReason): void {
    if (this.#supervisor.stopping.aborted) return;
    const child = this.#children[index]!;
    const { restart } = child.spec;
    if (restart === "temporary" || (restart === "transient" && reason.kind === "normal")) {
      return this.#finish(child);
    }
    this.#planRestart(index, reason);
    if (!this.#recovering) void this.#recover(true);
  }

  #planRestart(index: number, reason: ExitReason): void {
    const actor = this.#children[index]!.cell.options.name;
    const delayMs = this.#supervisor.nextDelay();
    if (delayMs === undefined) return void this.#supervisor.giveUp({ actor, reason });
    this.#from = Math.min(this.#from, index);
    this.#delayMs = delayMs;
    this.#supervisor.router.emit({ type: "restarting", actor, delayMs });
  }

  #finish(child: Child): void {
    child.finished = true;
    child.cell.close();
    this.#supervisor.childFinished();
  }

  /** Brings all children up, however often they end meanwhile. */
  async #recover(isRestart: boolean): Promise<Failure | undefined> {
    const { router, stopping } = this.#supervisor;
    this.#recovering = true;
    let failure: Failure | undefined;
    for (
      let again = isRestart;
      this.#from < this.#children.length && !stopping.aborted;
      again = true
    ) {
      const from = this.#from;
      if (again) {
        await this.#stopFrom(from + 1, "an actor that it depends on is started again");
        await sleep(router.clock, this.#delayMs, stopping);
        if (this.#from < from) continue;
      }
      failure = await this.#startFrom(from, isRestart);
      if (failure !== undefined) break;
    }
    this.#recovering = false;
    return failure;
  }

  /** Starts children until one fails, which in a restart is one more reason to restart. */
  async #startFrom(from: number, isRestart: boolean): Promise<Failure | undefined> {
    const end = this.#children.length;
    this.#from = end;
    for (let i = from; i < end && this.#from === end; i++) {
      const child = this.#children[i]!;
      if (this.#supervisor.stopping.aborted) return undefined;
      if (child.started && child.spec.restart === "temporary") this.#finish(child);
      if (child.finished) continue;
      const reason = await child.cell.start();
      if (reason === undefined) child.started = true;
      else if (!isRestart) return { actor: child.cell.options.name, reason };
      else if (!this.#supervisor.stopping.aborted) this.#planRestart(i, reason);
    }
    return undefined;
  }

  async #stopFrom(first: number, why: string): Promise<void> {
    for (const { cell } of this.#children.slice(first).toReversed()) await cell.stop(why);
  }
}

function transportTo(placement: Placement): Transport {
  switch (placement.kind) {
    case "memory":
      return inMemory;
    case "worker":
      return inWorker(placement);
    case "process":
      return inProcess(placement);
    case "nats":
      return onHost(placement);
    case "own":
      return placement.transport;
  }
}
