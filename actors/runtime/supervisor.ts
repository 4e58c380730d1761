/**
 * Keeps actors alive, or gives up on them.
 *
 * @module
 */

import type { ActorRef, Message } from "./envelope.ts";
import { describeExit, type ExitReason } from "./events.ts";
import { type Failure, RestartGroup } from "./restart_group.ts";
import { RestartWindow } from "./restart_window.ts";
import type { Router } from "./router.ts";
import { completeSpec, type FullSupervisorSpec, type SupervisorSpec } from "./supervisor_spec.ts";

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

/** {@linkcode Supervisor} as the system and the groups of its children see it. */
export class RunningSupervisor implements Supervisor {
  readonly name: string;
  readonly ended: Promise<void>;
  readonly router: Router;
  readonly #spec: FullSupervisorSpec;
  readonly #window: RestartWindow;
  readonly #groups: readonly RestartGroup[];
  readonly #stopping = new AbortController();
  #resolveEnded: () => void = () => {};
  #rejectEnded: (error: EscalationError) => void = () => {};
  #stopped: Promise<void> | undefined;

  /**
   * @throws {TypeError} If an actor of this name exists, or the specification contradicts itself.
   * @throws {RangeError} If a number in it is out of range.
   */
  constructor(spec: SupervisorSpec, router: Router) {
    this.name = spec.name;
    this.router = router;
    this.#spec = completeSpec(spec);
    this.#window = new RestartWindow(this.#spec.intensity);
    const { children, strategy } = this.#spec;
    for (const { id } of children) {
      if (!router.cells.has(`${spec.name}/${id}`)) continue;
      throw new TypeError(
        `Cannot supervise "${spec.name}": there is already an actor "${spec.name}/${id}"`,
      );
    }
    this.#groups = strategy === "rest-for-one"
      ? [new RestartGroup(children, this)]
      : children.map((child) => new RestartGroup([child], this));
    this.ended = new Promise((resolve, reject) => {
      this.#resolveEnded = resolve;
      this.#rejectEnded = reject;
    });
    this.ended.catch(() => {});
  }

  /** Aborted when the children are not to be restarted any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  ref<In extends Message, Out extends Message = Message>(id: string): ActorRef<In, Out> {
    if (!this.#spec.children.some((child) => child.id === id)) {
      const ids = this.#spec.children.map((child) => `"${child.id}"`).join(", ");
      throw new RangeError(
        `Cannot find child of "${this.name}": expected one of ${ids}, received "${id}"`,
      );
    }
    return { name: `${this.name}/${id}` };
  }

  /** @throws {EscalationError} If a child did not start; all have been stopped then. */
  async start(): Promise<void> {
    const failure = await this.#startGroups();
    if (failure === undefined || this.stopping.aborted) return;
    await this.giveUp(failure);
    throw new EscalationError(this.name, failure.actor, failure.reason);
  }

  /** How long to wait before the next restart; `undefined` if there were too many. */
  nextDelay(): number | undefined {
    const restarts = this.#window.record(this.router.clock.now());
    if (restarts === undefined) return undefined;
    const { initialMs, factor, maxMs } = this.#spec.backoff;
    return Math.min(initialMs * factor ** (restarts - 1), maxMs);
  }

  /** Stops all children because one of them cannot be kept alive. */
  async giveUp({ actor, reason }: Failure): Promise<void> {
    if (this.stopping.aborted) return;
    this.#stopped = this.#stopChildren(`the supervisor gave up on "${actor}"`);
    await this.#stopped;
    this.router.emit({ type: "escalated", supervisor: this.name, actor, reason });
    this.#rejectEnded(new EscalationError(this.name, actor, reason));
  }

  /** A child will not be started again. */
  childFinished(): void {
    if (this.#groups.every((group) => group.finished)) void this.stop();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopChildren("shutdown").then(() => this.#resolveEnded());
    return this.#stopped;
  }

  /** Kills what still runs, last child first. */
  kill(): void {
    for (const group of this.#groups.toReversed()) group.kill();
  }

  async #startGroups(): Promise<Failure | undefined> {
    if (this.#spec.order === "parallel") {
      const failures = await Promise.all(this.#groups.map((group) => group.start()));
      return failures.find((failure) => failure !== undefined);
    }
    for (const group of this.#groups) {
      const failure = await group.start();
      if (failure !== undefined) return failure;
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
