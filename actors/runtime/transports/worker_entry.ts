/**
 * What a worker runs: one actor, for the system on the thread that started it.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { pack, type Parcel, unpack } from "./parcel.ts";
import { serveActor } from "./serve.ts";
import type { ToActor } from "./wire.ts";

const port = parentPort!;
const server = serveActor((batch) => port.postMessage(pack(batch)), (module) => import(module));
port.on("message", (parcel: Parcel<ToActor>) => server.receive(unpack(parcel)));
