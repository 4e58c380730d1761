/**
 * Actors: pieces of a program that share nothing, talk by messages, and are restarted when they
 * fail. The same actor runs in memory, on a worker, in a process or on another host; where is one line
 * of data.
 *
 * {@linkcode createActorSystem} is where a program begins; an actor is what a {@linkcode Start} makes.
 *
 * @example An account
 * ```ts
 * import { createActorSystem, type Start } from "@mddes/mddes/runtime";
 *
 * type Add = { readonly type: "Add"; readonly amount: number };
 * type Total = { readonly type: "Total"; readonly total: number };
 *
 * const start: Start<number, Add, Total> = (first) => {
 *   let total = first;
 *   return {
 *     receive: ({ amount }, context) => {
 *       total += amount;
 *       return context.reply({ type: "Total", total });
 *     },
 *   };
 * };
 *
 * await using system = createActorSystem();
 * const bank = await system.supervise({
 *   name: "bank",
 *   children: [{ id: "account", start, init: 100 }],
 * });
 * const account = bank.ref<Add, Total>("account");
 * const add: Add = { type: "Add", amount: 5 };
 * const { total } = await system.request(account, add, { timeoutMs: 1000 });
 * console.log(total); // 105
 * ```
 *
 * @module
 */

export * from "./actor.ts";
export * from "./clock.ts";
export * from "./envelope.ts";
export * from "./events.ts";
export * from "./leases.ts";
export { Mailbox, Queue } from "./mailbox.ts";
export { type RestartIntensity, RestartWindow } from "./restart_window.ts";
export { EscalationError, type Supervisor } from "./supervisor.ts";
export type { Backoff, ChildSpec, Placement, SupervisorSpec } from "./supervisor_spec.ts";
export { stepOf } from "./step_of.ts";
export * from "./system.ts";
export { errorFrom } from "./thrown.ts";
export { inMemory } from "./transports/memory.ts";
export type { NatsConnection, NatsMessage } from "./transports/nats/connection.ts";
export type { NatsPlacement } from "./transports/nats/on_host.ts";
export {
  type RunningHost,
  serveActors,
  type ServeActorsOptions,
} from "./transports/nats/serve_actors.ts";
export type { ProcessPlacement } from "./transports/process.ts";
export type { Downlink, Launch, Transport, Uplink } from "./transports/transport.ts";
export type { WorkerPlacement } from "./transports/worker.ts";
export * from "./virtual_clock.ts";
