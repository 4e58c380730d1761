/**
 * Actors on threads of their own.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { RemoteActor } from "./remote.ts";
import type { Transport } from "./transport.ts";
import type { FromActor } from "./wire.ts";

/** Where in a worker an actor runs. */
export interface WorkerPlacement {
  /** On a thread of its own. */
  readonly kind: "worker";
  /** The most the JavaScript heap may grow to, in MiB; typed arrays are not counted. */
  readonly heapMb?: number;
}

/** Runs the actor on a thread of its own, started for it alone. */
export function startInWorker(placement: WorkerPlacement): Transport {
  return (launch, uplink) => {
    const worker = new Worker(new URL("./worker_entry.ts", import.meta.url), {
      ...(placement.heapMb && { resourceLimits: { maxOldGenerationSizeMb: placement.heapMb } }),
    });
    const actor = new RemoteActor(launch, uplink, {
      post: (batch) => worker.postMessage(batch),
      kill: () => void worker.terminate(),
    });
    worker.on("message", (batch: readonly FromActor[]) => actor.receive(batch));
    worker.on("error", (error: Error) => actor.end({ kind: "failed", error }));
    worker.on("exit", (code: number) => actor.end({ kind: "exited", code, signal: null }));
    return actor;
  };
}
