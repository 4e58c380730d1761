import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type Network,
  type NewParameter,
  type Targets,
  TrainingDiverged,
} from "../../models/mod.ts";
import { normalised, samples } from "./small_training.ts";
import { backends, type Where } from "./tfjs_backends.ts";

const onnx: Where = { engine: "onnx", backend: "cpu", device: { type: "cpu" } };

/** Samples of a step; the network has batch normalisation. */
const batchSize = 4;
const { images, labels } = samples(batchSize);

function create(where: Where, options: Partial<EngineOptions> = {}): Promise<Engine> {
  return createEngine({ ...normalised, ...where, batchSize, seed: 3, ...options });
}

type Kind = new (...args: never[]) => Error;

/** The error of a call, thrown or rejected with. */
async function errorOf(call: () => unknown): Promise<Error> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was refused");
}

async function assertRefused(call: () => unknown, kind: Kind, message: string): Promise<void> {
  const error = await errorOf(call);
  assertEquals(error.message, message);
  assert(error instanceof kind, `${error}`);
}

/** An argument that the type checker would not let through. */
function wrong(value: unknown): never {
  return value as never;
}

/** The images with one pixel changed. */
function withPixel(value: number): Float32Array {
  return images.with(70, value);
}

/** What `setParameters` gets, with one parameter changed. */
type Change = (all: NewParameter[]) => NewParameter[];

function changed(name: string, change: (values: Float32Array) => unknown): Change {
  return (all) =>
    all.map((one) => one.name === name ? { ...one, values: wrong(change(one.values)) } : one);
}

const parameterMisuses: Readonly<Record<string, readonly [Change, Kind, string]>> = {
  "a missing parameter": [
    (all) => all.slice(1),
    TypeError,
    'Cannot set parameter "conv.weight" of normalised: expected [4, 1, 3, 3] = 36 values, ' +
    "received none",
  ],
  "none": [
    () => [],
    TypeError,
    'Cannot set parameter "conv.weight" of normalised: expected [4, 1, 3, 3] = 36 values, ' +
    "received none",
  ],
  "an unknown parameter": [
    (all) => [...all, { name: "constructor", values: new Float32Array(1) }],
    TypeError,
    "Cannot set parameters: normalised has no constructor",
  ],
  "a parameter twice": [
    (all) => [...all, all[1]!],
    TypeError,
    'Cannot set parameters: "norm.scale" is there twice',
  ],
  "a parameter that is too short": [
    changed("dense.bias", (values) => values.subarray(1)),
    TypeError,
    'Cannot set parameter "dense.bias" of normalised: expected [3] = 3 values, received [3] = 2',
  ],
  "a parameter that is too long": [
    changed("dense.bias", () => new Float32Array(4)),
    TypeError,
    'Cannot set parameter "dense.bias" of normalised: expected [3] = 3 values, received [3] = 4',
  ],
  "another shape": [
    (all) => all.map((one) => one.name === "dense.weight" ? { ...one, shape: [3, 4] } : one),
    TypeError,
    'Cannot set parameter "dense.weight" of normalised: expected [4, 3] = 12 values, ' +
    "received [3, 4] = 12",
  ],
  "numbers of 64 bits": [
    changed("dense.bias", (values) => Float64Array.from(values)),
    TypeError,
    'Cannot set parameter "dense.bias" of normalised: expected values as Float32Array, ' +
    "received Float64Array",
  ],
  "NaN": [
    changed("dense.bias", (values) => values.with(2, NaN)),
    RangeError,
    'Cannot set parameter "dense.bias" of normalised: value 2 is NaN',
  ],
  "an infinite running average": [
    changed("norm.running_variance", (values) => values.with(0, Infinity)),
    RangeError,
    'Cannot set parameter "norm.running_variance" of normalised: value 0 is Infinity',
  ],
};

type Call = (engine: Engine) => unknown;

/** Wrong images and labels, for every call that takes both. */
function sampleMisuses(
  what: string,
  call: (engine: Engine, images: Float32Array, labels: Uint8Array) => unknown,
): Record<string, readonly [Call, Kind, string]> {
  return {
    [`${what}: too few pixels`]: [
      (engine) => call(engine, images.subarray(1), labels),
      TypeError,
      `Cannot ${what}: expected 4 images of 1 x 8 x 8 = 256 values for 4 labels, ` +
      "received 255 values",
    ],
    [`${what}: no labels`]: [
      (engine) => call(engine, images, new Uint8Array(0)),
      TypeError,
      `Cannot ${what}: expected 0 images of 1 x 8 x 8 = 0 values for 0 labels, received 256 values`,
    ],
    [`${what}: a label that is no class`]: [
      (engine) => call(engine, images, labels.with(2, 3)),
      RangeError,
      `Cannot ${what}: labels must be below 3, received 3 at 2`,
    ],
    [`${what}: labels that are a list`]: [
      (engine) => call(engine, images, wrong([0, -1, 2, 0])),
      TypeError,
      `Cannot ${what}: expected labels as Uint8Array, received Array`,
    ],
    [`${what}: pixels of 8 bits`]: [
      (engine) => call(engine, wrong(Uint8Array.from(images)), labels),
      TypeError,
      `Cannot ${what}: expected images as Float32Array, received Uint8Array`,
    ],
    [`${what}: no images`]: [
      (engine) => call(engine, wrong(undefined), labels),
      TypeError,
      `Cannot ${what}: expected images as Float32Array, received undefined`,
    ],
  };
}

/** Wrong shares of classes, for every call that takes them. */
function shareMisuses(
  what: string,
  call: (engine: Engine, images: Float32Array, labels: Targets) => unknown,
): Record<string, readonly [Call, Kind, string]> {
  return {
    [`${what}: labels that are no integers`]: [
      (engine) => call(engine, images, Float32Array.of(0, 1.5, 2, 0)),
      TypeError,
      `Cannot ${what}: expected shares of 3 classes for each image of 1 x 8 x 8, ` +
      "received 4 shares and 256 values",
    ],
    [`${what}: shares of too small a sum`]: [
      (engine) => call(engine, images, new Float32Array(12).fill(1 / 3).with(4, 0)),
      RangeError,
      `Cannot ${what}: shares of classes must be 0 or more with a sum of 1, received ` +
      "[0.3333333432674408, 0, 0.3333333432674408] at 1",
    ],
    [`${what}: a share below 0`]: [
      (engine) => call(engine, images, Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1.5, -0.5, 0)),
      RangeError,
      `Cannot ${what}: shares of classes must be 0 or more with a sum of 1, received ` +
      "[1.5, -0.5, 0] at 3",
    ],
  };
}

/** Labels that are floats, for every call that takes class numbers alone. */
function floatMisuse(
  what: string,
  call: (engine: Engine, images: Float32Array, labels: Uint8Array) => unknown,
): Record<string, readonly [Call, Kind, string]> {
  return {
    [`${what}: labels that are no integers`]: [
      (engine) => call(engine, images, wrong(Float32Array.of(0, 1.5, 2, 0))),
      TypeError,
      `Cannot ${what}: expected labels as Uint8Array, received Float32Array`,
    ],
  };
}

const wholeBatches = "Cannot recompute statistics: expected whole batches of 4 images of " +
  "1 x 8 x 8 = 256 values, received ";

const misuses: Readonly<Record<string, readonly [Call, Kind, string]>> = {
  ...sampleMisuses("train", (engine, ...some) => engine.trainStep(...some, 0.1)),
  ...sampleMisuses("evaluate", (engine, ...some) => engine.evaluate(...some)),
  ...sampleMisuses("compute Grad-CAM", (engine, ...some) => engine.gradCam(...some)),
  ...sampleMisuses("compute gradients", (engine, ...some) => engine.inputGradients(...some)),
  ...shareMisuses("train", (engine, ...some) => engine.trainStep(...some, 0.1)),
  ...shareMisuses("compute gradients", (engine, ...some) => engine.inputGradients(...some)),
  ...floatMisuse("evaluate", (engine, ...some) => engine.evaluate(...some)),
  ...floatMisuse("compute Grad-CAM", (engine, ...some) => engine.gradCam(...some)),
  "gradients: an infinite pixel": [
    (engine) => engine.inputGradients(withPixel(Infinity), labels),
    RangeError,
    "Cannot compute gradients: pixels must be finite, received Infinity at 70",
  ],
  "train: nothing": [
    (engine) => engine.trainStep(new Float32Array(0), new Uint8Array(0), 0.1),
    TypeError,
    "Cannot train: expected 1 to 4 samples, received 0",
  ],
  "train: more than a batch": [
    (engine) => engine.trainStep(new Float32Array(320), new Uint8Array(5), 0.1),
    TypeError,
    "Cannot train: expected 1 to 4 samples, received 5",
  ],
  "train: less than a batch": [
    (engine) => engine.trainStep(images.subarray(64), labels.subarray(1), 0.1),
    TypeError,
    "Cannot train: batch normalisation needs all 4 samples of a batch, received 3",
  ],
  ...Object.fromEntries(
    [0, -0.1, NaN, Infinity, "0.1", undefined].map((rate) => [
      `train: a learning rate of ${rate} (${typeof rate})`,
      [
        (engine) => engine.trainStep(images, labels, wrong(rate)),
        RangeError,
        `Cannot train: the learning rate must be positive, received ${rate}`,
      ],
    ]),
  ),
  "train: a pixel that is no number": [
    (engine) => engine.trainStep(withPixel(NaN), labels, 0.1),
    TrainingDiverged,
    "Training diverged: the loss of step 0 is NaN",
  ],
  "evaluate: a pixel that is no number": [
    (engine) => engine.evaluate(withPixel(NaN), labels),
    TrainingDiverged,
    "Training diverged: the loss of step 0 is NaN",
  ],
  "logits: a part of an image": [
    (engine) => engine.logits(images.subarray(1)),
    TypeError,
    "Cannot compute logits: expected images of 1 x 8 x 8 = 64 values, received 255 values",
  ],
  "logits: a list": [
    (engine) => engine.logits(wrong([...images])),
    TypeError,
    "Cannot compute logits: expected images as Float32Array, received Array",
  ],
  "logits: a pixel that is no number": [
    (engine) => engine.logits(withPixel(NaN)),
    RangeError,
    "Cannot compute logits: pixels must be finite, received NaN at 70",
  ],
  "Grad-CAM: an infinite pixel": [
    (engine) => engine.gradCam(withPixel(-Infinity), labels),
    RangeError,
    "Cannot compute Grad-CAM: pixels must be finite, received -Infinity at 70",
  ],
  "statistics: nothing": [
    (engine) => engine.recomputeStatistics(new Float32Array(0)),
    TypeError,
    `${wholeBatches}0 values`,
  ],
  "statistics: less than a batch": [
    (engine) => engine.recomputeStatistics(images.subarray(64)),
    TypeError,
    `${wholeBatches}192 values`,
  ],
  "statistics: pixels of 8 bits": [
    (engine) => engine.recomputeStatistics(wrong(Uint8Array.from(images))),
    TypeError,
    "Cannot recompute statistics: expected images as Float32Array, received Uint8Array",
  ],
  "statistics: an infinite pixel": [
    (engine) => engine.recomputeStatistics(withPixel(Infinity)),
    RangeError,
    "Cannot recompute statistics: pixels must be finite, received Infinity at 70",
  ],
  ...Object.fromEntries(
    [NaN, 1.5, 2 ** 60, "7"].map((seed) => [
      `initialize: a seed of ${seed} (${typeof seed})`,
      [
        (engine) => engine.initialize(wrong(seed)),
        RangeError,
        `Cannot initialize: the seed must be an integer, received ${seed}`,
      ],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(parameterMisuses).map(([what, [change, kind, message]]) => [
      `set parameters: ${what}`,
      [
        async (engine) => engine.setParameters(change([...await engine.parameters()])),
        kind,
        message,
      ],
    ]),
  ),
};

const disposed = "Cannot use engine: it was disposed of";
const overlaps = "Cannot use engine: the call before is not done; await it first";

/** What takes time. */
const slow: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
  trainStep: (engine) => engine.trainStep(images, labels, 0.1),
  evaluate: (engine) => engine.evaluate(images, labels),
  logits: (engine) => engine.logits(images),
  gradCam: (engine) => engine.gradCam(images, labels),
  inputGradients: (engine) => engine.inputGradients(images, labels),
  recomputeStatistics: (engine) => engine.recomputeStatistics(images),
  parameters: (engine) => engine.parameters(),
};

/** Every call, as it should be. */
const calls: Readonly<Record<string, Call>> = {
  ...slow,
  initialize: (engine) => engine.initialize(1),
  setParameters: (engine) => engine.setParameters([]),
};

for (const where of [onnx, ...backends]) {
  const name = `${where.engine}/${where.backend}`;

  Deno.test(`${name} refuses every misuse in the same words, and is as before`, async () => {
    await using engine = await create(where);
    await using untouched = await create(where);
    const before = await engine.parameters();
    for (const [what, [call, kind, message]] of Object.entries(misuses)) {
      try {
        await assertRefused(() => call(engine), kind, message);
      } catch (error) {
        throw new Error(`${what}: ${(error as Error).message}`);
      }
    }
    assertEquals(await engine.parameters(), before);
    assertEquals(await slow.trainStep!(engine), await slow.trainStep!(untouched));
    assertEquals(await engine.parameters(), await untouched.parameters());
  });

  Deno.test(`${name} refuses a call before the one before is done, which goes on`, async () => {
    await using engine = await create(where);
    for (const first of Object.values(slow)) {
      const going = first(engine);
      await Promise.all(
        Object.values(calls).map((second) =>
          assertRefused(() => second(engine), TypeError, overlaps)
        ),
      );
      await going;
    }
    await assertRejects(() => engine.trainStep(withPixel(NaN), labels, 0.1), TrainingDiverged);
    await slow.trainStep!(engine);
  });

  Deno.test(`${name} refuses all work once it is disposed of, and that twice is once`, async () => {
    const engine = await create(where);
    await engine[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    for (const call of Object.values(calls)) {
      await assertRefused(() => call(engine), TypeError, disposed);
    }
  });

  Deno.test(`${name} ends the call that goes on before it is disposed of`, async () => {
    await using other = await create(where);
    const expected = await other.evaluate(images, labels);
    const engine = await create(where);
    const going = engine.evaluate(images, labels);
    const ended = engine[Symbol.asyncDispose]();
    assertThrows(() => engine.initialize(1), TypeError, disposed);
    assertEquals(await going, expected);
    await ended;
  });

  Deno.test(`${name} takes memory that threads share, and no images where that has a meaning`, async () => {
    await using engine = await create(where);
    await using other = await create(where);
    const shared = new Float32Array(new SharedArrayBuffer(images.byteLength + 4), 4);
    shared.set(images);
    assertEquals(await engine.trainStep(shared, labels, 0.1), await slow.trainStep!(other));
    await engine.recomputeStatistics(shared);
    await other.recomputeStatistics(images);
    assertEquals(await engine.gradCam(shared, labels), await slow.gradCam!(other));
    assertEquals(await engine.logits(shared), await slow.logits!(other));
    const [noImages, noLabels] = [new Float32Array(0), new Uint8Array(0)];
    assertEquals(await engine.evaluate(noImages, noLabels), { loss: 0, correct: 0 });
    assertEquals((await engine.logits(noImages)).length, 0);
    assertEquals((await engine.gradCam(noImages, noLabels)).maps.length, 0);
  });

  Deno.test(`${name} knows layers by any name`, async () => {
    const named = (...names: string[]): Network => ({
      ...normalised.network,
      layers: normalised.network.layers.map((layer, i) => ({ ...layer, name: names[i]! })),
    });
    await using plain = await create(where);
    const expected = await slow.trainStep!(plain);
    for (
      const network of [
        named("__proto__", "constructor", "toString", "hasOwnProperty", "1"),
        named("images", "logits", "targets", "sample_weights", "maps"),
        named("a.weight", "a", "a.weight.gradient", "a.updated", "a.kept"),
        named("a\nb", '"', " ", "\ud800", "10"),
      ]
    ) {
      await using engine = await create(where, { network });
      assertEquals(await slow.trainStep!(engine), expected);
      engine.setParameters(await engine.parameters());
      await slow.recomputeStatistics!(engine);
      await slow.gradCam!(engine);
    }
  });

  Deno.test(`${name} is not created from what cannot be trained`, async () => {
    const [conv, ...others] = normalised.network.layers;
    const network = (change: object) => ({ network: { ...normalised.network, ...change } });
    const layers = (change: object) => network({ layers: [{ ...conv, ...change }, ...others] });
    const cases: readonly (readonly [options: object, kind: Kind, message: string])[] = [
      [{ seed: 1.5 }, RangeError, "create engine: the seed must be an integer, received 1.5"],
      [{ seed: NaN }, RangeError, "create engine: the seed must be an integer, received NaN"],
      [
        { batchSize: "4" },
        RangeError,
        "create engine: batchSize must be a positive integer, received 4",
      ],
      [
        { device: { type: "gpu", index: -1 } },
        RangeError,
        "create engine: the device must be the cpu or a gpu with an index of 0 or more, " +
        'received {"type":"gpu","index":-1}',
      ],
      [
        { device: { type: "constructor" } },
        RangeError,
        "create engine: the device must be the cpu or a gpu with an index of 0 or more, " +
        'received {"type":"constructor"}',
      ],
      [
        { network: { name: "none" } },
        TypeError,
        "build none: input is missing",
      ],
      [
        network({ layers: [] }),
        TypeError,
        'build normalised: the last layer "input" gives ' +
        "[1, 8, 8], expected one logit for each class, [3]",
      ],
      [
        network({ classes: NaN }),
        TypeError,
        "build normalised: classes must be a number, received NaN",
      ],
      [network({ input: [64] }), TypeError, "build normalised: input.1 is missing"],
      [
        layers({ filters: 0 }),
        RangeError,
        'build normalised: layer "conv" (conv) needs a positive integer as filters, received 0',
      ],
      [
        layers({ strides: 2 }),
        TypeError,
        'build normalised: layer 1 "conv" (conv): strides is not a known property',
      ],
      [
        layers({ bias: "no" }),
        TypeError,
        'build normalised: layer 1 "conv" (conv): bias must be true or false, received "no"',
      ],
      [
        layers({ name: "" }),
        TypeError,
        'build normalised: layer 1 "" (conv): name must be a text, received ""',
      ],
    ];
    for (const [options, kind, message] of cases) {
      await assertRefused(() => create(where, options), kind, `Cannot ${message}`);
    }
  });
}
