import { assert, assertEquals } from "@std/assert";
import * as ort from "onnxruntime-node";
import { blockSize } from "../../models/engines/onnx/block.ts";
import { names, seesWholeBatch, trainingModel } from "../../models/engines/onnx/compile.ts";
import { keptInput } from "../../models/engines/onnx/layers/dropout.ts";
import { layerKinds } from "../../models/layers.ts";
import { type Network, parameterShapes, placeLayers } from "../../models/network.ts";
import { elements } from "../../models/shape.ts";
import { Random } from "../../random.ts";
import { cases, classes, dropoutMasks, droppedBy } from "./layer_cases.ts";
import { referenceGradients, referenceLogits } from "./reference.ts";

/** Runs a training model once, with the first `samples` of its batch in the loss. */
async function engineGradients(
  network: Network,
  values: ReadonlyMap<string, Float64Array>,
  masks: ReadonlyMap<string, Float32Array>,
  images: Float32Array,
  labels: Uint8Array,
  batches: { batch: number; chunk: number; block: number },
) {
  const { batch } = batches;
  const tensor = (data: ArrayLike<number>, shape: readonly number[]) => {
    const floats = new Float32Array(elements(shape));
    floats.set(data);
    return new ort.Tensor("float32", floats, shape);
  };
  const targets = new Float32Array(batch * classes);
  labels.forEach((label, sample) => targets[sample * classes + label] = 1);
  const feeds: Record<string, ort.Tensor> = {
    [names.images]: tensor(images, [batch, ...network.input]),
    [names.targets]: tensor(targets, [batch, classes]),
    [names.sampleWeights]: tensor(labels.map(() => 1), [batch, 1]),
  };
  for (let i = 0; i < labels.length; i++) {
    (feeds[names.sampleWeights]!.data as Float32Array)[i] = 1 / labels.length;
  }
  for (const { name, shape } of parameterShapes(network)) {
    feeds[name] = tensor(values.get(name) ?? new Float64Array(elements(shape)), shape);
  }
  for (const { layer, outputShape } of placeLayers(network)) {
    const mask = masks.get(layer.name);
    if (mask) feeds[keptInput(layer.name)] = tensor(mask, [batch, ...outputShape]);
  }
  const session = await ort.InferenceSession.create(trainingModel(network, batches), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const outputs = await session.run(feeds);
  await session.release();
  return (name: string) => outputs[name]!.data as Float32Array;
}

function relativeError(actual: Float32Array, expected: Float64Array): number {
  let [difference, size] = [0, 0];
  expected.forEach((value, i) => {
    difference += (actual[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / Math.max(size, 1e-12));
}

/** Batches of a step, and the samples that go through the layers together. */
function batchesFor(network: Network, samples: number): [batch: number, chunk: number][] {
  if (samples === 16) return [[16, 16]];
  return seesWholeBatch(network) ? [[32, 32]] : [[32, 16], [32, 32]];
}

Deno.test("every kind of layer is in a case", () => {
  const shown = Object.values(cases).flatMap(({ layers }) => layers.map(({ kind }) => kind));
  assertEquals([...new Set(shown)].sort(), [...layerKinds].sort());
});

const blocks = [...new Set([1, await blockSize()])];

for (const [what, { input, layers, flat = false, samples = 5 }] of Object.entries(cases)) {
  Deno.test(`the gradients of ${what} are the slopes of the loss`, async () => {
    const network: Network = { name: "small", input, classes, layers };
    const random = new Random(5);
    const values = new Map(
      parameterShapes(network).filter(({ trained }) => trained).map(({ name, shape }) => [
        name,
        Float64Array.from({ length: elements(shape) }, () => Math.fround(random.normal() / 2)),
      ]),
    );
    const labels = Uint8Array.from({ length: samples }, () => random.integer(classes));
    const images = Float32Array.from(
      { length: labels.length * elements(input) },
      () => flat ? 0.5 : random.uniform(),
    );
    const masks = dropoutMasks(network, samples, random);
    const dropped = droppedBy(masks);
    const expected = referenceGradients(network, values, images, labels, dropped);
    const [logits] = referenceLogits(network, values, images, samples, dropped);
    for (const block of blocks) {
      for (const [batch, chunk] of batchesFor(network, samples)) {
        const actual = await engineGradients(network, values, masks, images, labels, {
          batch,
          chunk,
          block,
        });
        const where = `in blocks of ${block}, ${chunk} samples at a time`;
        const wrong = relativeError(actual(names.logits).subarray(0, classes), logits!);
        assert(wrong < 1e-5, `logits ${where} are off by ${wrong}`);
        for (const [name, gradient] of expected) {
          const error = relativeError(actual(names.gradient(name)), gradient);
          assert(error < 1e-4, `gradient of ${name} ${where} is off by ${error}`);
        }
      }
    }
  });
}
