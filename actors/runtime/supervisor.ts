/**
 * Supervision as data: which actors to run, where, and what to do when one of them ends.
 *
 * @module
 */

import type { AnyStart } from "./actor.ts";
import { ActorCell } from "./cell.ts";
import { sleep } from "./clock.ts";
import type { ActorRef, Message } from "./envelope.ts";
import { describeExit, type ExitReason } from "./events.ts";
import { type RestartIntensity, RestartWindow } from "./restart_window.ts";
import type { Router } from "./router.ts";
import { startInMemory } from "./transports/memory.ts";
import { type ProcessPlacement, startInProcess } from "./transports/process.ts";
import type { Transport } from "./transports/transport.ts";
import { startInWorker, type WorkerPlacement } from "./transports/worker.ts";

/** Where an actor runs. */
export type Placement = { readonly kind: "memory" } | WorkerPlacement | ProcessPlacement;

/** One actor of a supervisor. */
export interface ChildSpec {
  /** Unique among the children; the actor is called `SUPERVISOR/ID`. */
  readonly id: string;
  /** The start function (memory only), or the module that exports it as `start`. */
  readonly start: AnyStart | URL;
  /** First argument of `start`; structured-cloneable unless in memory. Default `undefined`. */
  readonly init?: unknown;
  /** Default `{ kind: "memory" }`. */
  readonly placement?: Placement;
  /**
   * `permanent` (default): always started again. `transient`: unless it ended itself with
   * `context.stop()`. `temporary`: never.
   */
  readonly restart?: "permanent" | "transient" | "temporary";
  /** Most messages accepted and not yet handled. Default 100. */
  readonly mailboxCapacity?: number;
  /** How long `start` may take before the actor is killed. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** How long an orderly end may take before the actor is killed. Default 1,000. */
  readonly shutdownMs?: number;
  /** How long it may be busy without a sign of life before it is killed. Default `Infinity`. */
  readonly heartbeatTimeoutMs?: number;
}

/** How long to wait before a restart: `min(initialMs * factor ** (n - 1), maxMs)`. */
export interface Backoff {
  /** Wait before the first restart in the window. */
  readonly initialMs: number;
  /** Growth with each further restart in the window. */
  readonly factor: number;
  /** The longest wait. */
  readonly maxMs: number;
}

/** A supervisor and its children. */
export interface SupervisorSpec {
  /** Unique in the system. */
  readonly name: string;
  /**
   * What is restarted when a child ends: it alone (`one-for-one`, default), or it and all that come
   * after it (`rest-for-one`), which are first stopped in reverse order.
   */
  readonly strategy?: "one-for-one" | "rest-for-one";
  /**
   * `sequential` (default): each child is started when the one before is ready, and they are
   * stopped one after the other in reverse. `parallel`: all at once, for children that do not need
   * each other; only with `one-for-one`.
   */
  readonly order?: "sequential" | "parallel";
  /** When to give up. Default 3 restarts in 5,000 ms. */
  readonly intensity?: RestartIntensity;
  /** Default 10 ms, doubled up to 1,000 ms. */
  readonly backoff?: Backoff;
  /** In the order of their start. */
  readonly children: readonly ChildSpec[];
}

/** A supervisor gave up on a child: it failed to start, or was restarted too often. */
export class EscalationError extends Error {
  /**
   * Creates the error.
   *
   * @param supervisor The supervisor's name.
   * @param actor The child's full name.
   * @param reason How the child ended the last time.
   */
  constructor(readonly supervisor: string, readonly actor: string, readonly reason: ExitReason) {
    super(
      `Supervisor "${supervisor}" gave up on "${actor}": ${describeExit(reason)}`,
      reason.kind === "failed" ? { cause: reason.error } : undefined,
    );
    this.name = "EscalationError";
  }
}

/** A running supervisor. */
export interface Supervisor {
  /** Its name. */
  readonly name: string;
  /**
   * Resolves when it has stopped, or when no child is left that it would start again; rejects with
   * {@linkcode EscalationError} when it gave up. It may be ignored.
   */
  readonly ended: Promise<void>;
  /**
   * The address of a child.
   *
   * @throws {RangeError} If there is no such child.
   */
  ref<In extends Message, Out extends Message = Message>(id: string): ActorRef<In, Out>;
  /** Stops the children. */
  stop(): Promise<void>;
}

interface Child {
  readonly spec: ChildSpec;
  readonly cell: ActorCell;
  /** Will not be started again. */
  finished: boolean;
}

/** {@linkcode Supervisor} as the system sees it. */
export class RunningSupervisor implements Supervisor {
  readonly name: string;
  readonly ended: Promise<void>;
  readonly #router: Router;
  readonly #spec: SupervisorSpec;
  readonly #backoff: Backoff;
  readonly #window: RestartWindow;
  readonly #groups: readonly RestartGroup[];
  readonly #stopping = new AbortController();
  #resolveEnded: () => void = () => {};
  #rejectEnded: (error: EscalationError) => void = () => {};
  #stopped: Promise<void> | undefined;

  /** @throws {TypeError} If two actors would have the same name. */
  constructor(spec: SupervisorSpec, router: Router) {
    this.name = spec.name;
    this.#router = router;
    this.#spec = spec;
    this.#backoff = spec.backoff ?? { initialMs: 10, factor: 2, maxMs: 1000 };
    this.#window = new RestartWindow(spec.intensity ?? { maxRestarts: 3, withinMs: 5000 });
    if (spec.strategy === "rest-for-one" && spec.order === "parallel") {
      throw new TypeError(
        `Cannot supervise "${spec.name}": "rest-for-one" needs the order "sequential"`,
      );
    }
    checkNames(spec, router);
    this.ended = new Promise((resolve, reject) => {
      this.#resolveEnded = resolve;
      this.#rejectEnded = reject;
    });
    this.ended.catch(() => {});
    this.#groups = spec.strategy === "rest-for-one"
      ? [new RestartGroup(spec.children, this)]
      : spec.children.map((child) => new RestartGroup([child], this));
  }

  get router(): Router {
    return this.#router;
  }

  /** Aborted when the children are not to be restarted any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  ref<In extends Message, Out extends Message = Message>(id: string): ActorRef<In, Out> {
    if (!this.#spec.children.some((child) => child.id === id)) {
      const ids = this.#spec.children.map((child) => child.id).join(", ");
      throw new RangeError(
        `Cannot find child of "${this.name}": expected one of ${ids}, received "${id}"`,
      );
    }
    return { name: `${this.name}/${id}` };
  }

  /** @throws {EscalationError} If a child did not start; those before it have been stopped. */
  async start(): Promise<void> {
    const failed = await this.#startGroups();
    if (failed === undefined || this.stopping.aborted) return;
    await this.escalate(failed.child, failed.reason);
    throw await this.ended.catch((error: EscalationError) => error);
  }

  /** How long to wait before the next restart; `undefined` if there were too many. */
  nextDelay(): number | undefined {
    const restarts = this.#window.record(this.#router.clock.now());
    if (restarts === undefined) return undefined;
    const { initialMs, factor, maxMs } = this.#backoff;
    return Math.min(initialMs * factor ** (restarts - 1), maxMs);
  }

  /** Gives up on a child, and so on all of them. */
  async escalate(child: Child, reason: ExitReason): Promise<void> {
    if (this.stopping.aborted) return;
    const actor = child.cell.options.name;
    const stopped = this.#stopChildren("the supervisor gave up");
    this.#stopped = stopped;
    await stopped;
    this.#router.emit({ type: "escalated", supervisor: this.name, actor, reason });
    this.#rejectEnded(new EscalationError(this.name, actor, reason));
  }

  /** A child will not be started again. */
  finished(): void {
    if (this.#groups.every((group) => group.finished)) void this.stop();
  }

  stop(why = "shutdown"): Promise<void> {
    this.#stopped ??= this.#stopChildren(why).then(() => this.#resolveEnded());
    return this.#stopped;
  }

  /** Kills what still runs, last child first. */
  kill(): void {
    for (const group of this.#groups.toReversed()) group.kill();
  }

  async #startGroups(): Promise<{ child: Child; reason: ExitReason } | undefined> {
    if (this.#spec.order === "parallel") {
      const failed = await Promise.all(this.#groups.map((group) => group.start()));
      return failed.find((failure) => failure !== undefined);
    }
    for (const group of this.#groups) {
      const failed = await group.start();
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  async #stopChildren(why: string): Promise<void> {
    this.#stopping.abort();
    const groups = this.#groups.toReversed();
    if (this.#spec.order === "parallel") await Promise.all(groups.map((group) => group.stop(why)));
    else for (const group of groups) await group.stop(why);
    for (const group of groups) group.close();
  }
}

/** Children of which each depends on those before it: when one ends, the rest are restarted. */
class RestartGroup {
  readonly #supervisor: RunningSupervisor;
  readonly #children: readonly Child[];
  /** Index of the first child to be started again; past the end if there is none. */
  #from: number;
  #recovering = false;

  constructor(specs: readonly ChildSpec[], supervisor: RunningSupervisor) {
    this.#supervisor = supervisor;
    this.#children = specs.map((spec, index) => ({
      spec,
      finished: false,
      cell: new ActorCell(
        cellOptions(spec, supervisor.name),
        supervisor.router,
        (reason) => this.#exited(index, reason),
      ),
    }));
    this.#from = specs.length;
  }

  get finished(): boolean {
    return this.#children.every((child) => child.finished);
  }

  async start(): Promise<{ child: Child; reason: ExitReason } | undefined> {
    for (const child of this.#children) {
      if (this.#supervisor.stopping.aborted) return undefined;
      const reason = await child.cell.start();
      if (reason !== undefined) return { child, reason };
    }
    return undefined;
  }

  stop(why: string): Promise<void> {
    return this.#stopFrom(0, why);
  }

  kill(): void {
    for (const child of this.#children.toReversed()) child.cell.kill("shutdown-timeout");
  }

  close(): void {
    for (const child of this.#children) child.cell.close();
  }

  #exited(index: number, reason: ExitReason): void {
    if (reason.kind === "shutdown" || this.#supervisor.stopping.aborted) return;
    const child = this.#children[index]!;
    const { restart = "permanent" } = child.spec;
    if (restart === "temporary" || (restart === "transient" && reason.kind === "normal")) {
      child.finished = true;
      child.cell.close();
      this.#supervisor.finished();
      return;
    }
    this.#restart(index, reason);
  }

  #restart(index: number, reason: ExitReason): void {
    const child = this.#children[index]!;
    const delayMs = this.#supervisor.nextDelay();
    if (delayMs === undefined) return void this.#supervisor.escalate(child, reason);
    this.#from = Math.min(this.#from, index);
    this.#supervisor.router.emit({
      type: "restarting",
      actor: child.cell.options.name,
      delayMs,
    });
    if (!this.#recovering) void this.#recover(delayMs);
  }

  async #recover(delayMs: number): Promise<void> {
    const { router, stopping } = this.#supervisor;
    this.#recovering = true;
    await this.#stopFrom(this.#from + 1, "a child before it is restarted");
    await sleep(router.clock, delayMs, stopping);
    while (this.#from < this.#children.length && !stopping.aborted) {
      const index = this.#from++;
      const child = this.#children[index]!;
      if (child.finished || child.cell.running) continue;
      const reason = await child.cell.start();
      if (reason === undefined || stopping.aborted) continue;
      this.#recovering = false;
      return this.#restart(index, reason);
    }
    this.#recovering = false;
  }

  async #stopFrom(first: number, why: string): Promise<void> {
    for (const child of this.#children.slice(first).toReversed()) await child.cell.stop(why);
  }
}

function checkNames(spec: SupervisorSpec, router: Router): void {
  const names = new Set(router.receivers.keys());
  for (const { id } of spec.children) {
    const name = `${spec.name}/${id}`;
    if (names.has(name)) {
      throw new TypeError(`Cannot supervise "${spec.name}": there is already an actor "${name}"`);
    }
    names.add(name);
  }
}

function cellOptions(spec: ChildSpec, supervisor: string) {
  return {
    name: `${supervisor}/${spec.id}`,
    start: spec.start,
    init: spec.init,
    transport: transportFor(spec.placement ?? { kind: "memory" }),
    mailboxCapacity: spec.mailboxCapacity ?? 100,
    startTimeoutMs: spec.startTimeoutMs ?? 60_000,
    shutdownMs: spec.shutdownMs ?? 1000,
    heartbeatTimeoutMs: spec.heartbeatTimeoutMs ?? Infinity,
  };
}

function transportFor(placement: Placement): Transport {
  switch (placement.kind) {
    case "memory":
      return startInMemory;
    case "worker":
      return startInWorker(placement);
    case "process":
      return startInProcess(placement);
  }
}
