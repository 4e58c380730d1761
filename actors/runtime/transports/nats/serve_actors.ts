/**
 * A host: a program in which the actors of systems elsewhere run.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { PROTOCOL_VERSION } from "../../envelope.ts";
import { errorFrom } from "../../thrown.ts";
import { openProcess, type ProcessPlacement } from "../process.ts";
import type { Channel } from "../remote.ts";
import { openWorker, type WorkerPlacement } from "../worker.ts";
import {
  assertHostName,
  hostSubject,
  type LinkAnswer,
  type NatsConnection,
  readLinkRequest,
  writeJson,
} from "./connection.ts";
import { HostedActor, type Lodging } from "./hosted_actor.ts";

/** What {@linkcode serveActors} needs. */
export interface ServeActorsOptions {
  /** Of this program, to be closed after the host has stopped. */
  readonly connection: NatsConnection;
  /** What systems call the host: letters, digits, `-` and `_`. Several hosts may share it. */
  readonly name: string;
  /** What it may run; a system names one of them by its file name. */
  readonly modules: readonly URL[];
  /** Where each actor runs on this host. Default `{ kind: "process" }`. */
  readonly placement?: ProcessPlacement | WorkerPlacement;
}

/** A program that serves actors. */
export interface RunningHost extends AsyncDisposable {
  /**
   * Resolves when it has stopped, or its connection is closed; rejects if the connection failed, or
   * may not receive. Its actors have ended then. It may be ignored.
   */
  readonly ended: Promise<void>;
  /** Kills its actors, and serves no more. */
  stop(): Promise<void>;
}

/**
 * Runs actors for systems elsewhere that place them here, with
 * `{ kind: "nats", connection, host: NAME }`.
 *
 * @returns The host, when systems can find it.
 * @throws {RangeError} If it cannot be called so.
 * @throws {TypeError} If there are two modules of one file name, or none.
 * @throws {Error} If the connection is closed, or may not receive.
 *
 * @example A host of greeters
 * ```ts
 * import { connect } from "@nats-io/transport-node";
 * import { serveActors } from "@mddes/mddes/runtime";
 *
 * async function main() {
 *   const connection = await connect({ servers: "nats://10.0.0.1", maxReconnectAttempts: -1 });
 *   const modules = [new URL("./greeter.ts", import.meta.url)];
 *   await using host = await serveActors({ connection, name: "desk", modules });
 *   await host.ended;
 * }
 * ```
 */
export async function serveActors(options: ServeActorsOptions): Promise<RunningHost> {
  const host = new ActorsHost(options);
  await options.connection.flush();
  if (host.failure) throw host.failure;
  return host;
}

/** How long systems may take to hear of the end of their actors. */
const FAREWELL_MS = 1000;

class ActorsHost implements RunningHost, Lodging {
  readonly ended: Promise<void>;
  readonly connection: NatsConnection;
  readonly host: string;
  failure: Error | undefined;
  readonly #modules: ReadonlyMap<string, URL>;
  readonly #placement: ProcessPlacement | WorkerPlacement;
  readonly #subscription: ReturnType<NatsConnection["subscribe"]>;
  /** By the names of their links. */
  readonly #actors = new Map<string, HostedActor>();
  #resolveEnded: () => void = () => {};
  #rejectEnded: (error: Error) => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor({ connection, name, modules, placement = { kind: "process" } }: ServeActorsOptions) {
    assertHostName(name, "serve actors");
    this.connection = connection;
    this.host = name;
    this.#modules = byFileName(modules);
    this.#placement = placement;
    this.ended = new Promise((resolve, reject) => {
      this.#resolveEnded = resolve;
      this.#rejectEnded = reject;
    });
    this.ended.catch(() => {});
    this.#subscription = connection.subscribe(hostSubject(name), {
      queue: name,
      callback: (error, message) => {
        if (error) return void this.#fail(error);
        try {
          message.respond(writeJson(this.#answer(message.data)));
        } catch (thrown) {
          void this.#fail(errorFrom(thrown)); // it will never send again
        }
      },
    });
    void connection.closed().then((error) => error ? this.#fail(error) : this.stop());
  }

  find(module: string): URL {
    const name = fileName(module);
    const url = this.#modules.get(name);
    if (url !== undefined) return url;
    const names = [...this.#modules.keys()].map((known) => JSON.stringify(known)).join(", ");
    throw new TypeError(`expected one of the modules ${names}, received ${JSON.stringify(name)}`);
  }

  open(module: URL): Channel {
    const placement = this.#placement;
    return placement.kind === "worker" ? openWorker(placement) : openProcess(placement, module);
  }

  async stop(): Promise<void> {
    await (this.#stopped ??= this.#stop());
    this.#resolveEnded();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#subscription.unsubscribe();
    const actors = [...this.#actors.values()];
    for (const actor of actors) actor.fail(new Error(`Host "${this.host}" was stopped`));
    const cancel = systemClock.setTimer(FAREWELL_MS, () => {
      for (const actor of actors) actor.leave();
    });
    await Promise.all(actors.map((actor) => actor.ended));
    cancel();
  }

  async #fail({ message }: Error): Promise<void> {
    this.failure ??= new Error(`Cannot serve actors as "${this.host}": ${message}`);
    await (this.#stopped ??= this.#stop());
    this.#rejectEnded(this.failure);
  }

  /** Gives what was asked for, or says why not. */
  #answer(bytes: Uint8Array): LinkAnswer {
    const version = PROTOCOL_VERSION;
    try {
      const request = readLinkRequest(bytes);
      if (this.#actors.has(request.link)) throw new TypeError("there is a link of this name");
      const actor = new HostedActor(request, this);
      this.#actors.set(request.link, actor);
      void actor.ended.then(() => this.#actors.delete(request.link));
      return { version };
    } catch (error) {
      return { version, refused: errorFrom(error).message };
    }
  }
}

function byFileName(modules: readonly URL[]): ReadonlyMap<string, URL> {
  const named = new Map(modules.map((url) => [fileName(url.href), url]));
  if (named.size === modules.length && named.size > 0) return named;
  throw new TypeError(
    "Cannot serve actors: expected modules with file names of their own, received " +
      (modules.map(({ href }) => href).join(", ") || "none"),
  );
}

function fileName(module: string): string {
  return module.replace(/[?#].*$/s, "").replace(/^.*\//s, "");
}
