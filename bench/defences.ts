/**
 * What each defence costs next to the training that it defends: images per second. Filters are done
 * once for all epochs, the others in each step.
 *
 *     deno run --allow-read --allow-env --allow-sys --allow-ffi bench/defences.ts
 *
 * @module
 */
import { loadTrain, type Split, syntheticSplit } from "../datasets/mod.ts";
import {
  checkDefences,
  defenceNames,
  planDefences,
  whyUseless,
} from "../datasets/defences/defences.ts";
import { colorNet, createEngine, grayNet, type Network, optimizerByName } from "../models/mod.ts";
import { Random } from "../random.ts";
import { defend, filtered } from "../training/defend.ts";

const BATCH = 128;
const ROUNDS = 5;
const { optimizer, learningRate } = optimizerByName("adam");

/** Images per second at the median of a few rounds. */
async function rate(images: number, work: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1]!;
  return Math.round(1000 * images / median).toLocaleString("en-US");
}

async function measure(title: string, split: Split<"train">, network: Network): Promise<void> {
  const size = split.images.length / split.count;
  await using engine = await createEngine({
    network,
    optimizer,
    batchSize: BATCH,
    device: { type: "cpu" },
    seed: 4,
  });
  const batch = Float32Array.from(split.images.subarray(0, BATCH * size), (byte) => byte / 255);
  const labels = split.labels.slice(0, BATCH);
  const slopesOf = engine.inputGradients.bind(engine);
  const training = await rate(BATCH, () => engine.trainStep(batch, labels, learningRate));
  console.log(`${title}: ${training} images/s trained`);
  const defended = { shape: split.shape, isAugmented: false };
  for (const name of defenceNames.filter((name) => !whyUseless(name, defended))) {
    const { filters, others } = planDefences(checkDefences([name], defended));
    const images = { split, indices: Uint32Array.from(Array(1024).keys()), disturbance: undefined };
    const random = new Random(5);
    const cost = filters.length > 0
      ? `${await rate(1024, () => filtered(images, filters))}, once`
      : await rate(
        BATCH,
        () => defend(batch.slice(), labels, { defences: others, slopesOf, split, random }),
      );
    console.log(`  ${name.padEnd(12)} ${cost}`);
  }
}

await measure("MNIST, GrayNet", await loadTrain("mnist"), grayNet([1, 28, 28], 10));
const colour = syntheticSplit("train", { count: 2000, shape: [3, 32, 32] });
await measure("CIFAR-10's shape, ColorNet", colour, colorNet([3, 32, 32], 10));
