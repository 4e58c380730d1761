/** The same as runtime_actor.ts, over nothing but `postMessage`. */
import { parentPort } from "node:worker_threads";
import type { In } from "./runtime_actor.ts";

let total = 0;
parentPort!.on("message", (message: In) => {
  if (message.type === "Tell") total += message.value;
  else parentPort!.postMessage({ type: "Total", total });
});
