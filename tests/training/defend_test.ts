import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { adversarial, EPSILON } from "../../datasets/defences/adversarial.ts";
import {
  allIndices,
  compileDisturbance,
  fillBatch,
  loadTrain,
  Random,
  syntheticSplit,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { type DefenceName, planDefences } from "../../datasets/defences/defences.ts";
import { defend, filtered } from "../../training/defend.ts";
import { trainClassifier } from "../../training/training.ts";
import { createEngine, grayNet, optimizerByName, scheduleByName } from "../../models/mod.ts";
import { samples, small } from "../models/small_training.ts";

const split = await loadTrain("synthetic");
const disturbance = compileDisturbance(
  uniformDisturbance(3, { classes: 10, pixels: 5, shape: split.shape, mode: "replace" }),
);
const indices = Uint32Array.from({ length: 300 }, (_, i) => 7 * i % split.count);

/** Disturbed images as floats, in the order of the indices. */
function disturbed(): Float32Array {
  const images = new Float32Array(300 * 784);
  const labels = new Uint8Array(300);
  fillBatch({ split, indices, start: 0, count: 300, disturbance, images, labels });
  return images;
}

Deno.test("images are disturbed, then filtered, one filter after the other", async () => {
  const { filters } = planDefences(["median", "bit-depth"]);
  let chunks = 0;
  const seen = await filtered({ split, indices, disturbance }, filters, () => {
    chunks++;
    return Promise.resolve();
  });
  const expected = Uint8Array.from(disturbed(), (value) => Math.round(255 * value));
  for (const { filter } of filters) filter(expected, split.shape);
  assertEquals([...seen.split.images], [...expected]);
  assertEquals([...seen.split.labels], [...indices].map((index) => split.labels[index]));
  assertEquals([seen.disturbance, seen.indices.length, chunks], [undefined, 300, 3]);
  const images = { split, indices, disturbance };
  assertEquals(await filtered(images, []), images, "without filters nothing is done");
});

/** What becomes of a batch of ones. */
async function afterDefences(
  ...names: DefenceName[]
): Promise<{ images: Float32Array; targets: Uint8Array | Float32Array }> {
  const images = new Float32Array(4 * 784).fill(1);
  const targets = await defend(images, Uint8Array.of(3, 1, 4, 1), {
    defences: planDefences(names).others,
    slopesOf: (images) => Promise.resolve(images.map(() => 1)),
    split,
    random: new Random(1),
  });
  return { images, targets };
}

Deno.test("defences act in the order in which they are given", async () => {
  // Cut out, then blurred: the edge of the hole is neither black nor white.
  const values = new Set((await afterDefences("cutout", "gaussian")).images);
  assert(values.has(0) && values.has(1) && values.size > 2, `${[...values]}`);
  assertEquals(new Set((await afterDefences("cutout", "bit-depth")).images).size, 2);
});

Deno.test("labels become shares where images are mixed, and stay what they are elsewhere", async () => {
  assertEquals((await afterDefences("cutout")).targets, Uint8Array.of(3, 1, 4, 1));
  const { targets } = await afterDefences("cutout", "mixup");
  assert(targets instanceof Float32Array && targets.length === 40);
  for (let image = 0; image < 4; image++) {
    const shares = targets.subarray(10 * image, 10 * image + 10);
    assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1, 1e-6);
  }
});

for (const name of ["onnx", "tfjs"] as const) {
  Deno.test(`an attack stays near the images and raises the loss, on ${name}`, async () => {
    await using engine = await small(20, "adam", name);
    const { images, labels } = samples(20);
    for (let step = 0; step < 30; step++) await engine.trainStep(images, labels, 0.01);
    const before = await engine.evaluate(images, labels);
    const near = images.slice();
    await adversarial.attack(near, (x) => engine.inputGradients(x, labels), new Random(2));
    for (const [i, value] of near.entries()) {
      assert(Math.abs(value - images[i]!) <= EPSILON + 1e-6 && value >= 0 && value <= 1);
    }
    const after = await engine.evaluate(near, labels);
    assert(after.loss > 1.2 * before.loss, `${after.loss} after ${before.loss}`);
    const other = images.map((value, i) => Math.min(1, value + (i % 2 ? EPSILON : 0)));
    const noisy = await engine.evaluate(other, labels);
    assert(after.loss > noisy.loss, "it does more than noise");
  });

  Deno.test(`defended trainings on ${name} follow from their seed`, async () => {
    const train = syntheticSplit("train", { count: 12, shape: [1, 8, 8] });
    const losses = async (seed: number, ...names: DefenceName[]) => {
      await using engine = await createEngine({
        device: { type: "cpu" },
        optimizer: optimizerByName("sgd").optimizer,
        network: grayNet(train.shape, 10),
        engine: name,
        batchSize: 4,
      });
      const treatment = { disturbance: undefined, defences: planDefences(names).others };
      const { loss } = await trainClassifier(engine, train, allIndices(train), treatment, {
        epochs: 2,
        batchSize: 4,
        wholeBatches: false,
        learningRate: 0.1,
        schedule: scheduleByName("constant"),
        seed,
      });
      return loss;
    };
    for (const name of ["cutout", "cutmix", "mixup", "adversarial", "standard"] as const) {
      const first = await losses(1, name);
      assertEquals(await losses(1, name), first, name);
      assert(first !== await losses(1), `${name} changes the training`);
    }
  });
}
