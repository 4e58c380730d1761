/**
 * What a worker runs: one actor, for the system on the thread that started it.
 *
 * The worker's own `message` event is used rather than `parentPort`, which would walk through all
 * that arrives; see {@linkcode Parcel}.
 *
 * @module
 */

import { pack, type Parcel } from "./parcel.ts";
import { serveActor } from "./serve.ts";
import type { FromActor, ToActor } from "./wire.ts";

const scope = globalThis as unknown as {
  postMessage(parcel: Parcel<FromActor>): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToActor[]>) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: "unhandledrejection",
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
};

const server = serveActor(
  (batch) => scope.postMessage(pack(batch)),
  (module) => import(module),
  true,
);
scope.addEventListener("message", ({ data }) => server.receive(data));
scope.addEventListener("error", (event) => {
  event.preventDefault();
  server.fail(event.error);
});
scope.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  server.fail(event.reason);
});
