/**
 * How much faster batches are assembled, disturbed and augmented than a training step eats them,
 * on one core. Both sides take turns within one run; medians are compared.
 *
 *     deno run -A bench/datasets_batches.ts
 *
 * @module
 */
import {
  allIndices,
  type Augmentation,
  augmentationFor,
  compileDisturbance,
  fillBatch,
  loadTrain,
  Random,
  shuffled,
  type Split,
  syntheticSplit,
  uniformDisturbance,
} from "../datasets/mod.ts";
import { colorNet, createEngine, grayNet, type Network, optimizerByName } from "../models/mod.ts";

const BATCH = 128;
const ROUNDS = 15;
const BATCHES_PER_ROUND = 20;
const { optimizer, learningRate } = optimizerByName("adam");

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

async function compare(
  title: string,
  split: Split<"train">,
  network: Network,
  augmentation?: Augmentation,
): Promise<void> {
  const spec = { classes: 10, pixels: 10, shape: split.shape };
  const disturbance = compileDisturbance(uniformDisturbance(1, spec));
  const indices = shuffled(allIndices(split), 2);
  const random = new Random(3);
  const images = new Float32Array(BATCH * split.images.length / split.count);
  const labels = new Uint8Array(BATCH);
  const device = { type: "cpu" } as const;
  await using engine = await createEngine({
    network,
    optimizer,
    batchSize: BATCH,
    device,
    seed: 4,
  });
  const assembly: number[] = [];
  const training: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let start = performance.now();
    for (let i = 0; i < BATCHES_PER_ROUND; i++) {
      const at = ((round * BATCHES_PER_ROUND + i) * BATCH) % (split.count - BATCH);
      fillBatch({
        split,
        indices,
        start: at,
        count: BATCH,
        disturbance,
        augmentation,
        random,
        images,
        labels,
      });
    }
    assembly.push((performance.now() - start) / BATCHES_PER_ROUND);
    start = performance.now();
    await engine.trainStep(images, labels, learningRate);
    training.push(performance.now() - start);
  }
  const [fill, step] = [median(assembly), median(training)];
  const perSecond = (ms: number) => Math.round(BATCH / ms * 1000).toLocaleString("en-US");
  console.log(
    `${title}: ${perSecond(fill)} images/s assembled, ${perSecond(step)} trained, ` +
      `ratio ${(step / fill).toFixed(0)}`,
  );
}

const mnist = await loadTrain("mnist");
const colour = syntheticSplit("train", { count: 10_000, shape: [3, 32, 32] });
await compare("MNIST, GrayNet, 10 pixels", mnist, grayNet([1, 28, 28], 10));
await compare(
  "MNIST, GrayNet, 10 pixels, shifts",
  mnist,
  grayNet([1, 28, 28], 10),
  augmentationFor("mnist"),
);
await compare("CIFAR-10's shape, ColorNet, 10 pixels", colour, colorNet([3, 32, 32], 10));
await compare(
  "CIFAR-10's shape, ColorNet, 10 pixels, shifts and flips",
  colour,
  colorNet([3, 32, 32], 10),
  augmentationFor("cifar10"),
);
