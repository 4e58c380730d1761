/**
 * What a child process runs: one actor, for the system in the process that started it.
 *
 * @module
 */

import process from "node:process";
import type { ActorModule } from "../host.ts";
import { serveActor } from "./serve.ts";
import type { ToActor } from "./wire.ts";

/**
 * Serves an actor to the parent process, and ends with it.
 *
 * @param load Gives the actor's module.
 */
export function serveProcess(load: () => Promise<ActorModule>): void {
  const server = serveActor(
    (batch) => void process.send!([...batch], ignoreLostParent),
    load,
    false,
  );
  process.on("message", (batch) => server.receive(batch as ToActor[]));
  process.on("disconnect", () => process.exit(0));
  process.on("uncaughtException", (error) => server.fail(error));
  process.on("error", (error) => server.fail(error)); // what cannot be deserialised
}

/** The disconnection that follows ends this process. */
function ignoreLostParent(): void {}
