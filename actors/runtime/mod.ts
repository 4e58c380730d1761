/**
 * Actors: pieces of a program that share nothing, talk by messages, and are restarted when they
 * fail. The same actor runs in memory, on a worker or in a process; where is one line of data.
 *
 * @module
 */

export * from "./actor.ts";
export * from "./clock.ts";
export * from "./envelope.ts";
export * from "./events.ts";
export * from "./leases.ts";
export { Mailbox } from "./mailbox.ts";
export { type RestartIntensity, RestartWindow } from "./restart_window.ts";
export {
  type Backoff,
  type ChildSpec,
  EscalationError,
  type Placement,
  type Supervisor,
  type SupervisorSpec,
} from "./supervisor.ts";
export * from "./system.ts";
export type { ProcessPlacement } from "./transports/process.ts";
export type { WorkerPlacement } from "./transports/worker.ts";
