/**
 * What a child process runs: one actor, for the system in the process that started it.
 *
 * @module
 */

import process from "node:process";
import { serveActor } from "./serve.ts";

process.on("message", serveActor((batch) => void process.send!([...batch])));
process.on("disconnect", () => process.exit(0));
