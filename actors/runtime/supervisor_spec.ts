/**
 * Supervision as data: which actors to run, where, and what to do when one of them ends.
 *
 * @module
 */

import type { AnyStart } from "./actor.ts";
import type { RestartIntensity } from "./restart_window.ts";
import type { NatsPlacement } from "./transports/nats/on_host.ts";
import type { ProcessPlacement } from "./transports/process.ts";
import type { Transport } from "./transports/transport.ts";
import type { WorkerPlacement } from "./transports/worker.ts";

/** Where an actor runs; a transport of one's own is most often one that wraps `inMemory`. */
export type Placement =
  | { readonly kind: "memory" }
  | WorkerPlacement
  | ProcessPlacement
  | NatsPlacement
  | { readonly kind: "own"; readonly transport: Transport };

/** One actor of a supervisor. */
export interface ChildSpec {
  /** Unique among the children; the actor is called `SUPERVISOR/ID`. */
  readonly id: string;
  /**
   * The start function (memory only), or the module that exports it as `start`. (In memory, a
   * module that is itself waiting for the actor at its top level waits for ever.)
   */
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

const DEFAULT_CHILD = {
  init: undefined,
  placement: { kind: "memory" },
  restart: "permanent",
  mailboxCapacity: 100,
  startTimeoutMs: 60_000,
  shutdownMs: 1000,
  heartbeatTimeoutMs: Infinity,
} as const;

const DEFAULT_SUPERVISOR = {
  strategy: "one-for-one",
  order: "sequential",
  intensity: { maxRestarts: 3, withinMs: 5000 },
  backoff: { initialMs: 10, factor: 2, maxMs: 1000 },
} as const;

/** A {@linkcode ChildSpec} with its defaults. */
export type FullChildSpec = Required<ChildSpec>;

/** A {@linkcode SupervisorSpec} with its defaults, and those of its children. */
export interface FullSupervisorSpec extends Required<Omit<SupervisorSpec, "children">> {
  readonly children: readonly FullChildSpec[];
}

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} If two children have the same id, or the strategy does not go with the order.
 * @throws {RangeError} If a number is out of range.
 */
export function completeSpec(spec: SupervisorSpec): FullSupervisorSpec {
  const doing = `supervise "${spec.name}"`;
  const children = spec.children.map((child) => ({ ...DEFAULT_CHILD, ...child }));
  const full = { ...DEFAULT_SUPERVISOR, ...spec, children };
  if (full.strategy === "rest-for-one" && full.order === "parallel") {
    throw new TypeError(`Cannot ${doing}: "rest-for-one" needs the order "sequential"`);
  }
  const { initialMs, factor, maxMs } = full.backoff;
  for (const [key, value] of Object.entries({ initialMs, factor, maxMs })) {
    assertAtLeast(0, value, `${doing}: backoff.${key}`);
  }
  const ids = new Set<string>();
  for (const child of children) {
    if (ids.has(child.id)) {
      throw new TypeError(`Cannot ${doing}: there are two children called "${child.id}"`);
    }
    ids.add(child.id);
    for (const key of ["startTimeoutMs", "shutdownMs", "heartbeatTimeoutMs"] as const) {
      assertAtLeast(0, child[key], `${doing}: ${key} of "${child.id}"`);
    }
  }
  return full;
}

function assertAtLeast(least: number, value: number, what: string): void {
  if (value >= least) return;
  throw new RangeError(`Cannot ${what} must be a number >= ${least}, received ${value}`);
}
