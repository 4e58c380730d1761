import { parentPort, workerData } from "node:worker_threads";
import { createEngine, networkByName, optimizerByName } from "../models/mod.ts";
import { Random } from "../random.ts";
import type { TrainingCase } from "./training.ts";

const { network, work, batchSize, batches } = workerData as TrainingCase;
const shape = network === "graynet" ? [1, 28, 28] as const : [3, 32, 32] as const;
const { optimizer, learningRate } = optimizerByName("adam");
const engine = await createEngine({
  network: networkByName(network)(shape, 10),
  optimizer,
  batchSize,
  device: { type: "cpu" },
});
const random = new Random(1);
const images = Float32Array.from(
  { length: batchSize * shape[0] * shape[1] * shape[2] },
  () => random.uniform(),
);
const labels = Uint8Array.from({ length: batchSize }, () => random.integer(10));

async function run(): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    if (work === "train") await engine.trainStep(images, labels, learningRate);
    else await engine.evaluate(images, labels);
  }
}

parentPort!.on("message", async () => {
  await run();
  parentPort!.postMessage("done");
});
await run();
parentPort!.postMessage("ready");
