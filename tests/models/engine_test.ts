import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Worker } from "node:worker_threads";
import { createEngine } from "../../models/engines/create_engine.ts";
import { TrainingDiverged } from "../../models/engines/training_diverged.ts";
import type { Network } from "../../models/network.ts";
import { type Optimizer, optimizerTable } from "../../models/optimizers.ts";
import { normalised, samples, small, train } from "./small_training.ts";

Deno.test("training lowers the loss until the classes are told apart", async () => {
  await using engine = await small(20);
  const losses = await train(engine, 60);
  assert(losses.at(-1)! < losses[0]! / 4, `from ${losses[0]} to ${losses.at(-1)}`);
  const { images, labels } = samples(50);
  assertEquals((await engine.evaluate(images, labels)).correct, 50);
});

Deno.test("initialize with the same seed repeats a training run bit by bit", async () => {
  await using engine = await small(20);
  engine.initialize(5);
  const first = await train(engine, 5);
  const parameters = await engine.parameters();
  engine.initialize(6);
  assert((await train(engine, 5))[0] !== first[0]);
  engine.initialize(5);
  assertEquals(await train(engine, 5), first);
  assertEquals(await engine.parameters(), parameters);
});

Deno.test("engines in different workers train bit by bit alike", async () => {
  await using engine = await small(20);
  const expected = { losses: await train(engine, 5), parameters: await engine.parameters() };
  const run = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./training_worker.ts", import.meta.url));
      worker.once("error", reject);
      worker.once("message", (result) => worker.terminate().then(() => resolve(result), reject));
    });
  for (const actual of await Promise.all([run(), run()])) assertEquals(actual, expected);
});

Deno.test("a step on fewer samples than the batch size is a step on these samples", async () => {
  const { images, labels } = samples(5);
  await using wide = await small(40, "sgd");
  await using exact = await small(5, "sgd");
  const wideStep = await wide.trainStep(images, labels, 0.1);
  const exactStep = await exact.trainStep(images, labels, 0.1);
  assertEquals(wideStep.correct, exactStep.correct);
  assertAlmostEquals(wideStep.loss, exactStep.loss, 1e-6);
  const expected = await exact.parameters();
  for (const [i, { values }] of (await wide.parameters()).entries()) {
    values.forEach((value, j) => assertAlmostEquals(value, expected[i]!.values[j]!, 1e-6));
  }
});

Deno.test("evaluate sums over any number of samples, and logits agree with it", async () => {
  await using engine = await small(8);
  const { images, labels } = samples(150);
  const whole = await engine.evaluate(images, labels);
  let [loss, correct] = [0, 0];
  for (let i = 0; i < 150; i++) {
    const one = await engine.evaluate(
      images.subarray(i * 64, (i + 1) * 64),
      labels.slice(i, i + 1),
    );
    loss += one.loss;
    correct += one.correct;
  }
  assertAlmostEquals(whole.loss, loss, 1e-9 * loss);
  assertEquals(whole.correct, correct);
  const logits = await engine.logits(images);
  assertEquals(logits.length, 450);
  const hits = labels.reduce((hits, label, i) => {
    const own = logits.subarray(i * 3, i * 3 + 3);
    return hits + (own.indexOf(Math.max(...own)) === label ? 1 : 0);
  }, 0);
  assertEquals(hits, correct);
  assertEquals(await engine.evaluate(new Float32Array(0), new Uint8Array(0)), {
    loss: 0,
    correct: 0,
  });
});

Deno.test("setParameters makes two engines equal", async () => {
  await using one = await small(8);
  await using other = await small(8);
  other.initialize(99);
  other.setParameters(await one.parameters());
  const { images } = samples(10);
  assertEquals(await other.logits(images), await one.logits(images));
});

Deno.test("setParameters refuses what does not fit, and changes nothing", async () => {
  await using engine = await small(8);
  const parameters = await engine.parameters();
  assertThrows(
    () => engine.setParameters(parameters.slice(1)),
    TypeError,
    'Cannot set parameter "conv.weight" of small: expected [4, 1, 3, 3] = 36 values, received none',
  );
  assertThrows(
    () => engine.setParameters([...parameters, { name: "extra", values: new Float32Array(1) }]),
    TypeError,
    "small has no extra",
  );
  assertEquals(await engine.parameters(), parameters);
});

Deno.test("evaluation uses the averages of the moments that training saw", async () => {
  await using engine = await createEngine({ ...normalised, batchSize: 32 });
  const { images, labels } = samples(32);
  let loss = NaN;
  // A learning rate this low changes nothing but the averages.
  for (let step = 0; step < 100; step++) {
    loss = (await engine.trainStep(images, labels, 1e-12)).loss;
  }
  const evaluated = await engine.evaluate(images, labels);
  assertAlmostEquals(evaluated.loss / 32, loss, 0.01 * loss);
  engine.initialize(4);
  const fresh = await engine.evaluate(images, labels);
  assert(Math.abs(fresh.loss / 32 - loss) > 0.02 * loss);
});

Deno.test("a batch that is not whole blocks trains as one that is", async () => {
  const { images, labels } = samples(32);
  await using odd = await createEngine({ ...normalised, batchSize: 31 });
  await using even = await createEngine({ ...normalised, batchSize: 32 });
  const [one, other] = [
    await odd.trainStep(images.subarray(64), labels.subarray(1), 0.1),
    await even.trainStep(images, labels, 0.1),
  ];
  assertAlmostEquals(one.loss, other.loss, 0.1);
  await assertRejects(
    () => odd.trainStep(images.subarray(128), labels.subarray(2), 0.1),
    TypeError,
    "batch normalisation needs all 31 samples of a batch, received 30",
  );
});

Deno.test("dropout changes training, repeats with the seed, and spares evaluation", async () => {
  const [network, dropped] = [0, 0.5].map((rate): Network => ({
    ...normalised.network,
    layers: [
      { kind: "flatten", name: "flatten" },
      { kind: "dropout", name: "drop", rate },
      { kind: "dense", name: "dense", units: 3 },
    ],
  }));
  const { images, labels } = samples(16);
  const run = async (network: Network) => {
    await using engine = await createEngine({ ...normalised, network, batchSize: 16 });
    engine.initialize(2);
    const { loss } = await engine.evaluate(images, labels);
    return { evaluated: loss, losses: await train(engine, 3, 16) };
  };
  const [without, first, second] = [await run(network!), await run(dropped!), await run(dropped!)];
  assertEquals(first, second);
  assertEquals(first.evaluated, without.evaluated);
  assert(first.losses.every((loss, step) => loss !== without.losses[step]));
});

Deno.test("an infinite loss stops training with the step and the loss", async () => {
  await using engine = await small(8, "sgd");
  const { images, labels } = samples(8);
  await engine.trainStep(images, labels, 0.1);
  images[0] = Infinity;
  const error = await assertRejects(
    () => engine.trainStep(images, labels, 0.1),
    TrainingDiverged,
    "the loss of step 1 is NaN",
  );
  assertEquals(error.step, 1);
  assert(!Number.isFinite(error.loss));
  images[0] = 0;
  engine.initialize(1);
  await engine.trainStep(images, labels, 0.1);
});

for (const engine of ["onnx", "tfjs"] as const) {
  Deno.test(`${engine} stops at weights that are not finite in evaluation, too`, async () => {
    await using trained = await small(8, "sgd", engine);
    await train(trained, 2, 8);
    const { images, labels } = samples(8);
    trained.setParameters(
      (await trained.parameters()).map(({ name, values }) => ({ name, values: values.fill(1e30) })),
    );
    const error = await assertRejects(() => trained.evaluate(images, labels), TrainingDiverged);
    assertEquals(error.step, 2);
  });

  Deno.test(`${engine} refuses a learning rate that is not positive`, async () => {
    await using trained = await small(8, "sgd", engine);
    const { images, labels } = samples(8);
    await assertRejects(
      () => trained.trainStep(images, labels, 0),
      RangeError,
      "Cannot train: the learning rate must be positive, received 0",
    );
  });
}

Deno.test("an optimiser of no known kind, or with constants out of range, is refused", async () => {
  const refuses = (
    optimizer: unknown,
    kind: new (message: string) => Error,
    message: string,
  ) =>
    assertRejects(
      () => createEngine({ ...normalised, batchSize: 8, optimizer: optimizer as Optimizer }),
      kind,
      `Cannot create engine: ${message}`,
    );
  const kinds = Object.keys(optimizerTable).join(", ");
  await refuses(
    { kind: "lion" },
    TypeError,
    `expected an optimizer of kind ${kinds}, received "lion"`,
  );
  await refuses(
    { kind: "sgd", weightDecay: -1 },
    RangeError,
    "weightDecay of sgd must be 0 or more",
  );
  await refuses(
    { kind: "sgd" },
    RangeError,
    "weightDecay of sgd must be 0 or more, received undef",
  );
  await refuses(
    { kind: "momentum", momentum: 1, nesterov: false, weightDecay: 0 },
    RangeError,
    "momentum of momentum must be at least 0 and below 1, received 1",
  );
  await refuses(
    { kind: "rmsprop", decay: 0.9, epsilon: NaN },
    RangeError,
    "epsilon of rmsprop must be positive, received NaN",
  );
  await refuses(
    { kind: "rmsprop", decay: "0.9", epsilon: 1e-8 },
    RangeError,
    "decay of rmsprop must be at least 0 and below 1, received 0.9",
  );
  await refuses(
    { kind: "rmsprop", decay: 0.9, epsilon: 1e-50 },
    RangeError,
    "epsilon of rmsprop must be positive, received 1e-50",
  );
  await refuses(
    { kind: "rmsprop", decay: 0.99999999, epsilon: 1e-8 },
    RangeError,
    "decay of rmsprop must be at least 0 and below 1, received 0.99999999",
  );
  await refuses(
    { kind: "momentum", momentum: 0.9, weightDecay: 0 },
    RangeError,
    "nesterov of momentum must be true or false, received undefined",
  );
  await refuses(
    { kind: "sgd", weightDecay: 0, momentum: 0.9 },
    TypeError,
    "sgd has no constant momentum",
  );
  await refuses(
    { kind: "__proto__" },
    TypeError,
    `expected an optimizer of kind ${kinds}, received "__proto__"`,
  );
});

Deno.test("wrong samples are refused with the expected and the received", async () => {
  await using engine = await small(8);
  const { images, labels } = samples(9);
  const refuses = (
    images: Float32Array,
    labels: Uint8Array,
    rate: number,
    kind: new (message: string) => Error,
    message: string,
  ) => assertRejects(() => engine.trainStep(images, labels, rate), kind, message);
  await refuses(images, labels, 0.1, TypeError, "expected 1 to 8 samples, received 9");
  await refuses(
    images,
    labels.slice(0, 8),
    0.1,
    TypeError,
    "expected 8 images of 1 x 8 x 8 = 512 values for 8 labels, received 576 values",
  );
  const [some, few] = [images.subarray(0, 128), new Uint8Array([0, 3])];
  await refuses(some, few, 0.1, RangeError, "labels must be below 3, received 3 at 1");
  for (const rate of [0, -1, NaN, Infinity]) {
    await refuses(some, labels.slice(0, 2), rate, RangeError, `must be positive, received ${rate}`);
  }
  await assertRejects(() => engine.logits(new Float32Array(65)), TypeError, "received 65 values");
});

Deno.test("a disposed engine refuses all work and leaves the next one alone", async () => {
  const old = await small(20);
  await old[Symbol.asyncDispose]();
  await old[Symbol.asyncDispose]();
  await using first = await small(20);
  await using second = await small(20);
  const { images, labels } = samples(20);
  const before = await first.logits(images);
  second.initialize(77);
  assertThrows(() => old.initialize(1), TypeError, "Cannot use engine: it was disposed of");
  await assertRejects(() => old.trainStep(images, labels, 0.1), TypeError, "disposed");
  await assertRejects(() => old.evaluate(images, labels), TypeError, "disposed");
  assertEquals(await first.logits(images), before);
});

Deno.test("a batch size that is no positive integer is refused", async () => {
  for (const batchSize of [0, -1, 1.5, NaN]) {
    await assertRejects(
      () => small(batchSize),
      RangeError,
      `batchSize must be a positive integer, received ${batchSize}`,
    );
  }
});
