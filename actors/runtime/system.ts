/**
 * An actor system: the supervisors of one program, and its own way to talk to the actors.
 *
 * @module
 */

import type { Context, RequestOptions, SendOptions } from "./actor.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ActorRef, Message } from "./envelope.ts";
import type { EventListener } from "./events.ts";
import { assertTimeout } from "./host_context.ts";
import { copyMessage } from "./plain_data.ts";
import { Router } from "./router.ts";
import { RunningSupervisor, type Supervisor } from "./supervisor.ts";
import type { SupervisorSpec } from "./supervisor_spec.ts";

/** Options of {@linkcode createActorSystem}. */
export interface ActorSystemOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Sees every event from the first on. */
  readonly onEvent?: EventListener;
  /** Stops the system when it is aborted. */
  readonly signal?: AbortSignal;
  /** How long {@linkcode ActorSystem.stop} may take before all that still runs is killed. Default 1,500. */
  readonly stopMs?: number;
}

/** Actors, their supervisors, and the mail between them; it sends as `system`. */
export interface ActorSystem extends Pick<Context, "send" | "request">, AsyncDisposable {
  /** The clock its memory actors live by. */
  readonly clock: Clock;
  /**
   * Starts the children in order.
   *
   * @throws {EscalationError} If one does not start; those before it have been stopped again.
   */
  supervise(spec: SupervisorSpec): Promise<Supervisor>;
  /**
   * Kills an actor, whatever it is doing: a worker is terminated, a process gets SIGKILL. Its
   * supervisor then does what it does for any other failure.
   *
   * @returns Whether it was running.
   */
  kill(actor: ActorRef): boolean;
  /** Calls `listener` with every event from now on, until the returned function is called. */
  subscribe(listener: EventListener): () => void;
  /**
   * Stops the supervisors, the last first; kills what still runs after `stopMs`. On a virtual clock
   * an actor that takes its time needs somebody to advance it.
   */
  stop(): Promise<void>;
}

/**
 * Creates an actor system.
 *
 * @example A greeter
 * ```ts
 * import { createActorSystem, type Start } from "@mddes/mddes/runtime";
 *
 * type Greet = { readonly type: "Greet"; readonly name: string };
 * type Greeting = { readonly type: "Greeting"; readonly text: string };
 *
 * const start: Start<string, Greet, Greeting> = (greeting) => ({
 *   receive: (message, context) =>
 *     context.reply({ type: "Greeting", text: `${greeting}, ${message.name}` }),
 * });
 *
 * await using system = createActorSystem();
 * const door = await system.supervise({
 *   name: "door",
 *   children: [{ id: "greeter", start, init: "Hello" }],
 * });
 * const { text } = await system.request(
 *   door.ref<Greet, Greeting>("greeter"),
 *   { type: "Greet", name: "Ada" },
 *   { timeoutMs: 1000 },
 * ); // "Hello, Ada"
 * ```
 */
export function createActorSystem(options: ActorSystemOptions = {}): ActorSystem {
  return new RunningSystem(options);
}

class RunningSystem implements ActorSystem {
  readonly clock: Clock;
  readonly #router: Router;
  readonly #stopMs: number;
  readonly #supervisors: RunningSupervisor[] = [];
  readonly #signal: AbortSignal | undefined;
  #stopped: Promise<void> | undefined;

  constructor({ clock = systemClock, onEvent, signal, stopMs = 1500 }: ActorSystemOptions) {
    this.clock = clock;
    this.#router = new Router(clock);
    this.#stopMs = stopMs;
    this.#signal = signal;
    if (onEvent) this.#router.listeners.add(onEvent);
    signal?.addEventListener("abort", this.#onAbort);
    if (signal?.aborted) this.#onAbort();
  }

  async supervise(spec: SupervisorSpec): Promise<Supervisor> {
    if (this.#stopped) throw new Error(`Cannot supervise "${spec.name}": the system has stopped`);
    const supervisor = new RunningSupervisor(spec, this.#router);
    this.#supervisors.push(supervisor);
    await supervisor.start();
    return supervisor;
  }

  send<To extends Message>(
    to: ActorRef<To>,
    message: NoInfer<To>,
    options: SendOptions = {},
  ): Promise<void> {
    return this.#router.send("system", to.name, copyMessage(message, "send"), options.trace);
  }

  request<To extends Message, Reply extends Message>(
    to: ActorRef<To, Reply>,
    message: NoInfer<To>,
    { timeoutMs, trace }: RequestOptions,
  ): Promise<Reply> {
    const copy = copyMessage(message, "request");
    assertTimeout(message, timeoutMs);
    const reply = this.#router.request("system", to.name, copy, timeoutMs, trace);
    return reply as Promise<Message> as Promise<Reply>;
  }

  kill(actor: ActorRef): boolean {
    const cell = this.#router.cells.get(actor.name);
    if (!cell?.running) return false;
    cell.kill("kill");
    return true;
  }

  subscribe(listener: EventListener): () => void {
    this.#router.listeners.add(listener);
    return () => this.#router.listeners.delete(listener);
  }

  stop(): Promise<void> {
    return this.#stopped ??= this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  readonly #onAbort = (): void => void this.stop();

  async #stop(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    const supervisors = this.#supervisors.toReversed();
    const cancel = this.clock.setTimer(this.#stopMs, () => {
      for (const supervisor of supervisors) supervisor.kill();
    });
    for (const supervisor of supervisors) await supervisor.stop();
    cancel();
    this.#router.close();
  }
}
