import { assert, assertEquals } from "@std/assert";
import { trainClassifier } from "../../training/training.ts";
import {
  compileDisturbance,
  fillBatch,
  imageSize,
  leftmostDisturbance,
  loadTrain,
  type Split,
  stratifiedSubset,
} from "../../datasets/mod.ts";
import { compileRecipe, createEngine, grayNet, resolveRecipe } from "../../models/mod.ts";

const epochs = 1;
const batchSize = 32;
const recipe = compileRecipe(resolveRecipe("graynet", { schedule: "cosine" }, epochs));

/** What a whole epoch of disturbed digits gives: the loss of each step, and logits of clean digits. */
async function epochOn(
  engineName: "onnx" | "tfjs",
  train: Split<"train">,
  indices: Uint32Array,
): Promise<{ losses: number[]; logits: Float32Array }> {
  const classes = train.classNames.length;
  await using engine = await createEngine({
    engine: engineName,
    network: grayNet(train.shape, classes),
    optimizer: recipe.optimizer,
    batchSize,
    device: { type: "cpu" },
  });
  const losses: number[] = [];
  const trainStep = engine.trainStep.bind(engine);
  engine.trainStep = async (images, labels, rate) => {
    const result = await trainStep(images, labels, rate);
    losses.push(result.loss);
    return result;
  };
  const disturbance = compileDisturbance(
    leftmostDisturbance({ classes, pixels: 1, shape: train.shape }),
  );
  await trainClassifier(engine, train, indices, { disturbance }, {
    ...recipe,
    epochs,
    batchSize,
    wholeBatches: false,
    seed: 7,
  });
  const images = new Float32Array(200 * imageSize(train));
  fillBatch({
    split: train,
    indices,
    start: 0,
    count: 200,
    disturbance: undefined,
    images,
    labels: new Uint8Array(200),
  });
  return { losses, logits: await engine.logits(images) };
}

/** The largest difference, as a share of the largest value. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [apart, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    apart = Math.max(apart, Math.abs(actual[i]! - expected[i]!));
    size = Math.max(size, Math.abs(expected[i]!));
  }
  return apart / size;
}

Deno.test("both engines give the same losses and logits for an epoch of real digits", async () => {
  const train = await loadTrain("mnist");
  const indices = stratifiedSubset(train, 512, 3);
  const onnx = await epochOn("onnx", train, indices);
  const tfjs = await epochOn("tfjs", train, indices);
  assertEquals(onnx.losses.length, 16);
  assert(onnx.losses.at(-1)! < onnx.losses[0]! / 2, "the network learns");
  for (const what of ["losses", "logits"] as const) {
    const apart = difference(tfjs[what], onnx[what]);
    assert(apart < 1e-3, `${what} differ by ${apart} of the largest`);
  }
});
