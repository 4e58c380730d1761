/**
 * Actors on threads of their own.
 *
 * @module
 */

import { SHARE_ENV, Worker } from "node:worker_threads";
import { unpack } from "./parcel.ts";
import { type Channel, moduleOf, RemoteActor } from "./remote.ts";
import type { Transport } from "./transport.ts";

/**
 * On a thread of its own in this process, with this process's permissions and import map.
 *
 * Killing it ends JavaScript at once. A native call goes on until it returns, on a thread that
 * nobody waits for, and a native crash ends the whole program: see {@linkcode ProcessPlacement}.
 */
export interface WorkerPlacement {
  /** On a thread. */
  readonly kind: "worker";
  /**
   * The most MiB the JavaScript heap may grow to; typed arrays are not counted. A worker that
   * needs more stops without a word, and is killed after `heartbeatTimeoutMs`: set both. Without a
   * limit it takes the whole program down.
   */
  readonly heapMb?: number;
}

const served = new URL("./worker_entry.ts", import.meta.url);

/** Threads begin with a file or with data, so what came from a server is imported by data. */
const ENTRY = served.protocol === "file:"
  ? served
  : new URL(`data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(served.href)}`)}`);

/** Runs each actor on a thread that is started for it alone. */
export function inWorker(placement: WorkerPlacement): Transport {
  return {
    sharesMemory: true,
    start(launch, uplink) {
      const module = moduleOf(launch, { sharesMemory: true });
      return new RemoteActor(launch, module, uplink, openWorker(placement));
    },
  };
}

/** Starts a thread for an actor. */
export function openWorker(placement: WorkerPlacement): Channel {
  const worker = new Worker(ENTRY, {
    env: SHARE_ENV, // to copy it, Deno would ask for the permission to read all of it
    ...(placement.heapMb && { resourceLimits: { maxOldGenerationSizeMb: placement.heapMb } }),
  });
  return {
    listen(listener) {
      worker.on("message", (parcel: unknown) => listener.receive(unpack(parcel)));
      worker.on("messageerror", (error: unknown) => listener.fail(error));
      worker.on("error", (error: unknown) => listener.fail(error));
      worker.on("exit", (code: number) => listener.gone({ kind: "exited", code, signal: null }));
    },
    post: (batch) => worker.postMessage(batch),
    kill: () => void worker.terminate(),
  };
}
