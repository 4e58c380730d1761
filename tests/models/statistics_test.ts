import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createEngine, type Engine, type Network } from "../../models/mod.ts";
import { normalised, samples, small } from "./small_training.ts";
import { backends, type Where } from "./tfjs_backends.ts";

const onnx: Where = { engine: "onnx", backend: "cpu", device: { type: "cpu" } };

/** Two normalisations, the second after a convolution of odd size and a dropout. */
const twice: Network = {
  ...normalised.network,
  layers: [
    { kind: "batch_norm", name: "norm1" },
    { kind: "dropout", name: "drop", rate: 0.5 },
    { kind: "conv", name: "conv", filters: 18, kernel: 3, stride: 3, bias: false },
    { kind: "batch_norm", name: "norm2" },
    { kind: "relu", name: "relu" },
    { kind: "global_average_pool", name: "mean" },
    { kind: "dense", name: "dense", units: 3 },
  ],
};

async function valuesOf(engine: Engine): Promise<Map<string, Float32Array>> {
  return new Map((await engine.parameters()).map(({ name, values }) => [name, values]));
}

function moments(pixels: Float32Array): [mean: number, variance: number] {
  const mean = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
  const squares = pixels.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return [mean, squares / (pixels.length - 1)];
}

for (const where of [onnx, ...backends]) {
  const name = `${where.engine}/${where.backend}`;

  Deno.test(`${name} averages the moments of all batches alike`, async () => {
    const { images } = samples(15);
    const batches = [0, 1, 2].map((batch) => images.subarray(batch * 320, (batch + 1) * 320));
    batches[2]!.forEach((x, i, pixels) => pixels[i] = 3 * x - 1);
    await using engine = await createEngine({
      ...normalised,
      ...where,
      network: twice,
      batchSize: 5,
    });
    const before = await valuesOf(engine);
    await engine.recomputeStatistics(images);
    const after = await valuesOf(engine);
    const expected = batches.map(moments);
    for (const [i, statistic] of ["running_mean", "running_variance"].entries()) {
      const mean = expected.reduce((sum, moments) => sum + moments[i]!, 0) / 3;
      assertAlmostEquals(after.get(`norm1.${statistic}`)![0]!, mean, 1e-5);
      assert(after.get(`norm2.${statistic}`)!.every(Number.isFinite));
    }
    for (const [name, values] of before) {
      if (!name.includes("running")) assertEquals(after.get(name), values);
    }
    // What was there before leaves no trace.
    await engine.recomputeStatistics(images);
    assertEquals(await valuesOf(engine), after);
  });

  Deno.test(`${name} takes the moments that training sees`, async () => {
    const { images, labels } = samples(8);
    const network: Network = {
      ...twice,
      layers: twice.layers.filter(({ kind }) => kind !== "dropout"),
    };
    const options = { ...normalised, ...where, network, batchSize: 8 };
    await using engine = await createEngine(options);
    await using other = await createEngine(options);
    await other.recomputeStatistics(images);
    const recomputed = await valuesOf(other);
    const before = await valuesOf(engine);
    const { loss } = await engine.trainStep(images, labels, 1e-9);
    for (const [name, values] of await valuesOf(engine)) {
      if (!name.includes("running")) continue;
      values.forEach((value, i) => {
        const seen = (value - 0.9 * before.get(name)![i]!) / 0.1;
        assertAlmostEquals(recomputed.get(name)![i]!, seen, 1e-4, name);
      });
    }
    // The statistics of the batch are those of training, but for the variance's divisor.
    const { loss: evaluated } = await other.evaluate(images, labels);
    assertAlmostEquals(evaluated / 8, loss, 0.05);
    assertAlmostEquals((await other.trainStep(images, labels, 0.1)).loss, loss, 1e-5);
  });

  Deno.test(`${name} refuses batches that are not whole`, async () => {
    await using engine = await createEngine({ ...normalised, ...where, batchSize: 4 });
    for (const count of [0, 6]) {
      await assertRejects(
        () => engine.recomputeStatistics(samples(count).images),
        TypeError,
        "Cannot recompute statistics: expected whole batches of 4 images of 1 x 8 x 8 = 256 " +
          `values, received ${count * 64} values`,
      );
    }
  });
}

Deno.test("a network without batch normalisation has no statistics to recompute", async () => {
  for (const engine of ["onnx", "tfjs"] as const) {
    await using plain = await small(8, "adam", engine);
    const before = await plain.parameters();
    await plain.recomputeStatistics(samples(16).images);
    assertEquals(await plain.parameters(), before);
  }
});
