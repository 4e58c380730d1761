import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createEngine,
  elements,
  type ImageShape,
  type Network,
  networkByName,
  optimizerByName,
  parameterShapes,
} from "../../models/mod.ts";
import { lastFeatureMaps } from "../../models/engines/last_feature_maps.ts";
import { kindOf } from "../../models/layers.ts";
import { Random } from "../../random.ts";
import { cases, classes } from "./layer_cases.ts";
import { referenceLogits } from "./reference.ts";
import { normalised } from "./small_training.ts";
import { backends, wasm, type Where } from "./tfjs_backends.ts";

const onnx: Where = { engine: "onnx", backend: "cpu", device: { type: "cpu" } };

function create(where: Where, network: Network) {
  const { optimizer } = optimizerByName("sgd");
  return createEngine({ ...where, network, optimizer, batchSize: 4 });
}

/** Random parameters, with running variances that a batch could have. */
function draw(network: Network, seed = 5) {
  const random = new Random(seed);
  return parameterShapes(network).map(({ name, shape, fanIn }) => ({
    name,
    shape,
    values: Float32Array.from({ length: elements(shape) }, () => {
      if (name.endsWith("running_variance")) return 0.5 + random.uniform();
      return fanIn > 0 ? random.normal() * Math.sqrt(2 / fanIn) : random.normal() / 2;
    }),
  }));
}

function drawSamples(network: Network, count: number) {
  const random = new Random(6);
  const length = count * elements(network.input);
  const images = Float32Array.from({ length }, () => random.uniform());
  const labels = Uint8Array.from({ length: count }, () => random.integer(network.classes));
  return { images, labels };
}

function assertNear(actual: Float32Array, expected: ArrayLike<number>, tolerance: number): void {
  assertEquals(actual.length, expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  assert(scale > 0, "all maps are 0, which shows nothing");
  actual.forEach((value, i) =>
    assert(
      Math.abs(value - expected[i]!) <= tolerance * scale,
      `at ${i}: expected ${expected[i]}, received ${value}, scale ${scale}`,
    )
  );
}

Deno.test("Grad-CAM of a network small enough to do by hand", async () => {
  const network: Network = {
    name: "tiny",
    input: [1, 2, 2],
    classes: 2,
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 1 },
      { kind: "relu", name: "relu" },
      { kind: "flatten", name: "flatten" },
      { kind: "dense", name: "dense", units: 2 },
    ],
  };
  const parameters = [
    { name: "conv.weight", values: new Float32Array([1, -1]) },
    { name: "conv.bias", values: new Float32Array([-2, 4]) },
    // By feature, then by class.
    {
      name: "dense.weight",
      values: new Float32Array([8, 0, 8, 0, 4, 12, 4, 8, 4, -4, 8, -4, 0, 0, 4, 0]),
    },
    { name: "dense.bias", values: new Float32Array([9, 9]) },
  ];
  // A_1 = relu(x - 2) = 0 0 1 4, and A_2 = relu(4 - x) = 3 2 1 0.
  const image = [1, 2, 3, 6];
  // Class 0: weights (8 + 8 + 4 + 4) / 4 and (4 + 8 + 0 + 4) / 4. Class 1: (12 + 8) / 4 and
  // (-4 - 4) / 4.
  const expected = [
    ...[6 * 0 + 4 * 3, 6 * 0 + 4 * 2, 6 * 1 + 4 * 1, 6 * 4 + 4 * 0],
    ...[0, 0, 5 * 1 - 2 * 1, 5 * 4 - 2 * 0],
  ];
  for (const where of [onnx, ...backends]) {
    await using engine = await create(where, network);
    engine.setParameters(parameters);
    const images = new Float32Array([...image, ...image]);
    const { shape, maps } = await engine.gradCam(images, new Uint8Array([0, 1]));
    assertEquals(shape, [2, 2]);
    assertNear(maps, expected, 1e-6);
  }
});

/** Grad-CAM from slopes of the logits in 64-bit arithmetic. */
function referenceMaps(
  network: Network,
  parameters: ReturnType<typeof draw>,
  images: Float32Array,
  labels: Uint8Array,
): number[] {
  const { layer, outputShape } = lastFeatureMaps(network);
  const [channels, height, width] = outputShape as ImageShape;
  const pixels = height * width;
  const values = new Map(
    parameters.map(({ name, values }) => [name, Float64Array.from(values)]),
  );
  // Behind a ReLU pixels are equal, and the first of them counts as the maximum.
  const [slope, step] = [1e-7, 1e-9];
  return [...labels].flatMap((label, sample) => {
    const size = elements(network.input);
    const image = images.subarray(sample * size, (sample + 1) * size);
    let activation = new Float64Array();
    const logit = (at: number, change: number) => {
      const [logits] = referenceLogits(network, values, image, 1, {
        evaluation: true,
        after: (name, output) => {
          if (name !== layer.name) return;
          activation = output.slice();
          output.forEach((_, i) => output[i]! -= slope * i);
          output[at]! += change;
        },
      });
      return logits![label]!;
    };
    const map = new Float64Array(pixels);
    for (let k = 0; k < channels; k++) {
      let weight = 0;
      for (let i = k * pixels; i < (k + 1) * pixels; i++) {
        weight += (logit(i, step) - logit(i, -step)) / (2 * step) / pixels;
      }
      for (let i = 0; i < pixels; i++) map[i]! += weight * activation[k * pixels + i]!;
    }
    return [...map.map((value) => Math.max(value, 0))];
  });
}

for (const [what, { input, layers, flat }] of Object.entries(cases)) {
  // Where pixels are equal, the maximum has no slope.
  if (flat || !layers.some((layer) => kindOf(layer).featureMaps === "makes")) continue;
  Deno.test(`Grad-CAM of ${what} follows the slopes of the logits`, async () => {
    const network: Network = { name: "small", input, classes, layers };
    const { images, labels } = drawSamples(network, 9);
    let parameters: ReturnType<typeof draw>;
    let expected: number[];
    let seed = 5;
    // Maps that are all 0 would show nothing.
    do {
      parameters = draw(network, seed++);
      expected = referenceMaps(network, parameters, images, labels);
    } while (expected.every((value) => value === 0));
    for (const where of [onnx, ...backends]) {
      await using engine = await create(where, network);
      engine.setParameters(parameters);
      assertNear((await engine.gradCam(images, labels)).maps, expected, 1e-4);
    }
  });
}

for (
  const [name, input, shape] of [
    ["graynet", [1, 27, 29], [13, 14]],
    ["resnet20", [3, 15, 13], [4, 4]],
    ["densenet40", [3, 9, 8], [2, 2]],
  ] as const
) {
  Deno.test(`Grad-CAM of ${name} is the same in both engines`, async () => {
    const network = networkByName(name)(input, 10);
    const parameters = draw(network);
    const { images, labels } = drawSamples(network, 70);
    const maps = [];
    for (const where of [onnx, wasm]) {
      await using engine = await create(where, network);
      engine.setParameters(parameters);
      const result = await engine.gradCam(images, labels);
      assertEquals(result.shape, shape);
      assertEquals(await engine.parameters(), parameters);
      maps.push(result.maps);
    }
    assertNear(maps[0]!, maps[1]!, 1e-3);
  });
}

Deno.test("Grad-CAM explains by what is pooled or flattened at the end", () => {
  const last = (name: string, input: ImageShape) => {
    const { layer, outputShape } = lastFeatureMaps(networkByName(name)(input, 10));
    return `${layer.kind} of ${outputShape.join(" x ")}`;
  };
  assertEquals(last("graynet", [1, 28, 28]), "relu of 48 x 14 x 14");
  assertEquals(last("colornet", [3, 32, 32]), "relu of 128 x 8 x 8");
  assertEquals(last("resnet20", [3, 32, 32]), "relu of 64 x 8 x 8");
  assertEquals(last("resnet18", [3, 32, 32]), "relu of 512 x 4 x 4");
  assertEquals(last("densenet40", [3, 32, 32]), "relu of 448 x 8 x 8");
});

Deno.test("Grad-CAM refuses what it cannot explain", async () => {
  const network: Network = {
    ...normalised.network,
    layers: [{ kind: "flatten", name: "flatten" }, { kind: "dense", name: "dense", units: 3 }],
  };
  const { images } = drawSamples(network, 2);
  for (const where of [onnx, wasm]) {
    await using without = await create(where, network);
    await assertRejects(
      () => without.gradCam(images, new Uint8Array(2)),
      TypeError,
      "Cannot compute Grad-CAM: normalised has no convolution",
    );
    await using engine = await create(where, normalised.network);
    await assertRejects(
      () => engine.gradCam(images, new Uint8Array([0, 3])),
      RangeError,
      "Cannot compute Grad-CAM: labels must be below 3, received 3 at 1",
    );
    await assertRejects(
      () => engine.gradCam(images, new Uint8Array(3)),
      TypeError,
      "Cannot compute Grad-CAM: expected 3 images of 1 x 8 x 8",
    );
    assertEquals((await engine.gradCam(new Float32Array(0), new Uint8Array(0))).maps.length, 0);
  }
});
