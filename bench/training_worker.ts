import { parentPort, workerData } from "node:worker_threads";
import { createEngine, type Engine, networkByName, optimizerByName } from "../models/mod.ts";
import { Random } from "../random.ts";
import type { WorkerTask } from "./training_contestants.ts";

const { network, work, batchSize, batches, device, engine: name, backend } =
  workerData as WorkerTask;
const shape = network === "graynet" ? [1, 28, 28] as const : [3, 32, 32] as const;
const { optimizer, learningRate } = optimizerByName("adam");
const random = new Random(1);
const images = Float32Array.from(
  { length: batchSize * shape[0] * shape[1] * shape[2] },
  () => random.uniform(),
);
const labels = Uint8Array.from({ length: batchSize }, () => random.integer(10));

async function run(engine: Engine): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    if (work === "train") await engine.trainStep(images, labels, learningRate);
    else await engine.evaluate(images, labels);
  }
}

try {
  const engine = await createEngine({
    network: networkByName(network)(shape, 10),
    optimizer,
    batchSize,
    device,
    engine: name,
    backend,
  });
  await run(engine);
  parentPort!.on("message", async () => {
    await run(engine);
    parentPort!.postMessage("done");
  });
  parentPort!.postMessage("ready");
} catch (error) {
  parentPort!.postMessage(`error: ${(error as Error).message}`);
}
