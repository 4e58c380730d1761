/** The same as runtime_actor.ts, over nothing but the channel to the parent process. */
import process from "node:process";
import type { In } from "./runtime_actor.ts";

let total = 0;
process.on("message", (message: unknown) => {
  const received = message as In;
  if (received.type === "Tell") total += received.value;
  else process.send!({ type: "Total", total });
});
process.on("disconnect", () => process.exit(0));
