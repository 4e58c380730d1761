import { parentPort } from "node:worker_threads";
import { small, train } from "./small_training.ts";

const engine = await small(20);
parentPort!.postMessage({
  losses: await train(engine, 5),
  parameters: await engine.parameters(),
});
await engine[Symbol.asyncDispose]();
