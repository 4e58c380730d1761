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
export { EscalationError, type Supervisor } from "./supervisor.ts";
export type { Backoff, ChildSpec, Placement, SupervisorSpec } from "./supervisor_spec.ts";
export { stepOf } from "./step_of.ts";
export * from "./system.ts";
export { errorFrom } from "./thrown.ts";
export type { ProcessPlacement } from "./transports/process.ts";
export type { WorkerPlacement } from "./transports/worker.ts";
