/**
 * What a worker runs: one actor, for the system on the thread that started it.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { serveActor } from "./serve.ts";

const port = parentPort!;
port.on("message", serveActor((batch) => port.postMessage(batch)));
