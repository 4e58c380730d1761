import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tf } from "../../models/engines/tfjs/packages.ts";
import {
  createEngine,
  DeviceUnavailable,
  type Engine,
  engineChoices,
  type EngineOptions,
  type Network,
  networkByName,
  networkNames,
  optimizerByName,
  optimizerNames,
  parseDevice,
  TrainingDiverged,
} from "../../models/mod.ts";
import { network, samples } from "./small_training.ts";
import { backends, wasm, type Where } from "./tfjs_backends.ts";

const onnx: Where = { engine: "onnx", backend: "cpu", device: { type: "cpu" } };

/** Every kind of layer, for images of 1 x 8 x 8. */
const everything: Network = {
  name: "everything",
  input: [1, 8, 8],
  classes: 3,
  layers: [
    { kind: "conv", name: "conv1", filters: 4, kernel: 3, bias: false },
    { kind: "batch_norm", name: "norm1" },
    { kind: "relu", name: "relu1" },
    { kind: "conv", name: "conv2", filters: 8, kernel: 3, stride: 2, bias: false },
    { kind: "shortcut", name: "shortcut", inputs: ["relu1"], filters: 8, stride: 2 },
    { kind: "add", name: "add", inputs: ["conv2", "shortcut"] },
    { kind: "batch_norm", name: "norm2" },
    { kind: "concat", name: "concat", inputs: ["add", "norm2"] },
    { kind: "max_pool", name: "max", size: 2, inputs: ["concat"] },
    { kind: "average_pool", name: "average", size: 2, inputs: ["concat"] },
    { kind: "add", name: "pooled", inputs: ["max", "average"] },
    { kind: "dropout", name: "dropout", rate: 0.25 },
    { kind: "conv", name: "conv3", filters: 6, kernel: 2, padding: "valid" },
    { kind: "global_average_pool", name: "global" },
    { kind: "dense", name: "dense1", units: 5 },
    { kind: "relu", name: "relu2" },
    { kind: "flatten", name: "flatten" },
    { kind: "dense", name: "dense2", units: 3 },
  ],
};

function create(where: Where, options: Partial<EngineOptions> = {}): Promise<Engine> {
  return createEngine({
    ...where,
    network,
    optimizer: optimizerByName("adam").optimizer,
    batchSize: 32,
    seed: 3,
    ...options,
  });
}

/** The losses of some steps on batches of 32. */
async function train(engine: Engine, steps: number, learningRate = 0.01): Promise<number[]> {
  const { images, labels } = samples(320);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const first = step * 32 % 320;
    const batch = images.subarray(first * 64, (first + 32) * 64);
    const result = await engine.trainStep(batch, labels.slice(first, first + 32), learningRate);
    losses.push(result.loss);
  }
  return losses;
}

for (const where of backends) {
  Deno.test(`tfjs/${where.backend} trains every kind of layer for an epoch as ONNX Runtime does`, async () => {
    const { images, labels } = samples(320);
    await using expected = await create(onnx, { network: everything });
    await using actual = await create(where, { network: everything });
    assertEquals(actual.info.engine, "tfjs");
    assertEquals(actual.info.backend, where.backend);
    const expectedLosses = await train(expected, 10);
    for (const [step, loss] of (await train(actual, 10)).entries()) {
      assertAlmostEquals(loss, expectedLosses[step]!, 2e-3, `step ${step}`);
    }
    const [sums, expectedSums] = [
      await actual.evaluate(images, labels),
      await expected.evaluate(images, labels),
    ];
    assertAlmostEquals(sums.loss / 320, expectedSums.loss / 320, 5e-3);
    const [parameters, expectedParameters] = [
      await actual.parameters(),
      await expected.parameters(),
    ];
    assertEquals(
      parameters.map(({ name, shape }) => [name, shape]),
      expectedParameters.map(({ name, shape }) => [name, shape]),
    );
  });
}

for (const name of networkNames) {
  Deno.test(`${name} trains on TensorFlow.js as on ONNX Runtime`, async () => {
    const network = networkByName(name)([3, 8, 8], 2);
    const images = Float32Array.from({ length: 8 * 192 }, (_, i) => i * 31 % 101 / 101);
    const labels = Uint8Array.from({ length: 8 }, (_, i) => i % 2);
    const losses: number[][] = [];
    for (const where of [onnx, wasm]) {
      await using engine = await create(where, { network, batchSize: 8 });
      const { loss } = await engine.trainStep(images, labels, 1e-4);
      losses.push([loss, (await engine.evaluate(images, labels)).loss / 8]);
    }
    const [expected, actual] = losses as [number[], number[]];
    actual.forEach((loss, i) => assertAlmostEquals(loss, expected[i]!, 1e-3 * expected[i]!));
  });
}

for (const name of optimizerNames) {
  Deno.test(`${name} moves the weights as in ONNX Runtime`, async () => {
    const { optimizer, learningRate } = optimizerByName(name);
    await using expected = await create(onnx, { optimizer });
    await using actual = await create(wasm, { optimizer });
    const losses = await train(expected, 4, learningRate);
    for (const [step, loss] of (await train(actual, 4, learningRate)).entries()) {
      assertAlmostEquals(loss, losses[step]!, 1e-3 * Math.abs(losses[step]!), `step ${step}`);
    }
  });
}

Deno.test("initialize with the same seed repeats a training run of TensorFlow.js", async () => {
  await using engine = await create(wasm, { network: everything });
  const first = await train(engine, 3);
  engine.initialize(4);
  assert((await train(engine, 3))[0] !== first[0]);
  engine.initialize(3);
  assertEquals(await train(engine, 3), first);
});

Deno.test("TensorFlow.js holds as many tensors after many steps as after one", async () => {
  const before = tf.memory().numTensors;
  {
    await using engine = await create(wasm, { network: everything });
    await train(engine, 1);
    const held = tf.memory().numTensors;
    await train(engine, 3);
    await engine.logits(samples(300).images);
    engine.setParameters(await engine.parameters());
    engine.initialize(1);
    assertEquals(tf.memory().numTensors, held);
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("engines on different backends of TensorFlow.js train side by side", async () => {
  const engines = await Promise.all(
    backends.slice(0, 2).map((where) => create(where, { batchSize: 32 })),
  );
  const [one, other] = await Promise.all(engines.map((engine) => train(engine, 3)));
  one!.forEach((loss, step) => assertAlmostEquals(loss, other![step]!, 1e-4));
  for (const engine of engines) await engine[Symbol.asyncDispose]();
});

Deno.test("TensorFlow.js stops at a loss that is not finite and keeps the weights", async () => {
  await using engine = await create(wasm);
  await train(engine, 1);
  const before = await engine.parameters();
  const { images, labels } = samples(32);
  images[0] = Infinity;
  const error = await assertRejects(
    () => engine.trainStep(images, labels, 0.01),
    TrainingDiverged,
    "the loss of step 1 is",
  );
  assertEquals(error.step, 1);
  assertEquals(await engine.parameters(), before);
});

Deno.test("parameters set are parameters read, in the canonical layout", async () => {
  await using engine = await create(wasm, { network: everything });
  const drawn = await engine.parameters();
  await using expected = await create(onnx, { network: everything });
  assertEquals(drawn, await expected.parameters());
  const changed = drawn.map(({ name, shape, values }) => ({
    name,
    shape,
    values: values.map((_, i) => i / 7),
  }));
  engine.setParameters(changed);
  assertEquals(
    await engine.parameters(),
    changed.map((parameter) => ({ ...parameter, values: Float32Array.from(parameter.values) })),
  );
});

Deno.test("an engine that has no such backend for the device is refused with those that there are", () => {
  assertThrows(
    () => engineChoices(parseDevice("cpu"), "onnx", "wasm"),
    RangeError,
    "Cannot choose an engine for cpu: expected one of onnx/cpu, tfjs/wasm, tfjs/cpu, " +
      "received onnx/wasm",
  );
  assertThrows(
    () => engineChoices(parseDevice("gpu:0"), "tfjs", "wasm"),
    RangeError,
    "received tfjs/wasm",
  );
});

Deno.test("auto takes the first engine that can be used", () => {
  assertEquals(engineChoices(parseDevice("cpu"))[0], { engine: "onnx", backend: "cpu" });
  assertEquals(engineChoices(parseDevice("cpu"), "tfjs")[0], { engine: "tfjs", backend: "wasm" });
});

const webgpu = backends.find(({ backend }) => backend === "webgpu");

Deno.test("WebGPU offers one card", { ignore: !webgpu }, async () => {
  await assertRejects(
    () => create({ ...webgpu!, device: { type: "gpu", index: 1 } }),
    DeviceUnavailable,
    "Cannot use gpu:1: WebGPU in Deno offers the first card only",
  );
});

Deno.test("a failure on the GPU is an error, not zeros", { ignore: !webgpu }, async () => {
  await using engine = await create(webgpu!);
  const { device } = tf.backend() as unknown as { readonly device: GPUDevice };
  device.createBuffer({ size: 4, usage: 0xffff });
  await assertRejects(
    () => engine.logits(samples(1).images),
    Error,
    "WebGPU failed: ",
  );
});
