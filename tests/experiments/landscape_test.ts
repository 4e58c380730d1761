import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { evaluateClassifier } from "../../training/training.ts";
import {
  compileDisturbance,
  fillBatch,
  imageSize,
  shuffled,
  stratifiedSubset,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { combine } from "../../experiments/figure4/interpolation.ts";
import { landscape } from "../../experiments/figure4/landscape.ts";
import { trainingOf } from "../../actors/testing/training_options.ts";
import { createEngine, networkByName, writeWeights } from "../../models/mod.ts";
import { tinyExperiment } from "./tiny_experiment.ts";

Deno.test("between two networks the statistics of batch normalisation are new ones", async () => {
  const runs = await Deno.makeTempDir();
  try {
    const { study } = await tinyExperiment("landscape", runs);
    using _ = study;
    const { train } = await study.data("synthetic");
    const training = trainingOf("resnet20", "synthetic", {
      batchSize: 10,
      epochs: 1,
      augmentation: "none",
    });
    await using engine = await createEngine({
      network: networkByName("resnet20")(train.shape, 10),
      optimizer: training.optimizer,
      batchSize: training.batchSize,
      device: { type: "cpu" },
    });
    const ends = [];
    for (const seed of [1, 2]) {
      engine.initialize(seed);
      ends.push(await engine.parameters());
      await writeWeights(`${runs}/${seed}.safetensors`, ends.at(-1)!);
    }
    const subset = { size: 30, seed: 3 };
    const disturbance = uniformDisturbance(4, { classes: 10, pixels: 1, shape: train.shape });
    const [answer] = await study.ask(landscape, [{
      type: "Landscape",
      dataset: "synthetic",
      weights: [`${runs}/1.safetensors`, `${runs}/2.safetensors`],
      training,
      disturbance,
      subset,
      shares: [0.4, 0.6],
      step: null,
      images: "train",
    }]);
    assertEquals(answer!.test, null);

    const indices = stratifiedSubset(train, subset.size, subset.seed);
    const compiled = compileDisturbance(disturbance);
    const loss = async () => (await evaluateClassifier(engine, train, indices, compiled)).loss;
    engine.setParameters(combine(ends, [0.4, 0.6]));
    const withOld = await loss();
    const images = new Float32Array(30 * imageSize(train));
    fillBatch({
      split: train,
      indices: shuffled(indices, 0),
      start: 0,
      count: 30,
      disturbance: compiled,
      images,
      labels: new Uint8Array(30),
    });
    await engine.recomputeStatistics(images);
    assertAlmostEquals(answer!.train.loss, await loss(), 1e-5);
    assert(Math.abs(answer!.train.loss - withOld) > 0.01, `${withOld}`);
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
});
