import { assert, assertAlmostEquals } from "@std/assert";
import {
  createEngine,
  elements,
  type Network,
  type Optimizer,
  parameterShapes,
  type Targets,
} from "../../models/mod.ts";
import { Random } from "../../random.ts";
import { type Case, classes } from "./layer_cases.ts";
import { referenceLogits } from "./reference.ts";
import type { Where } from "./tfjs_backends.ts";

const descent: Optimizer = { kind: "sgd", weightDecay: 0 };

/** Cross-entropy of each sample with shares of classes, from its logits. */
function losses(logits: readonly Float64Array[], shares: Float32Array): number[] {
  return logits.map((z, sample) => {
    const highest = Math.max(...z);
    const sum = Math.log(z.reduce((sum, value) => sum + Math.exp(value - highest), 0)) + highest;
    return z.reduce((loss, value, k) => loss - shares[sample * classes + k]! * (value - sum), 0);
  });
}

/** Compares the slopes that engines give with differences of the loss in 64-bit arithmetic. */
export async function checkInputGradients(
  { input, layers, samples = 5 }: Case,
  wheres: readonly Where[],
): Promise<void> {
  const network: Network = { name: "small", input, classes, layers };
  const random = new Random(6);
  const images = Float32Array.from({ length: samples * elements(input) }, () => random.uniform());
  const labels = Uint8Array.from({ length: samples }, () => random.integer(classes));
  const oneHot = new Float32Array(samples * classes);
  labels.forEach((label, sample) => oneHot[sample * classes + label] = 1);
  // Two classes of each sample, as mixtures have them.
  const mixed = oneHot.map((share, at) =>
    0.75 * share + (at % classes === labels[Math.floor(at / classes)]! ? 0 : 0.125)
  );
  const parameters = parameterShapes(network).map(({ name, shape }) => ({
    name,
    values: Float32Array.from(
      { length: elements(shape) },
      () => name.endsWith("variance") ? 0.5 + random.uniform() : random.normal() / 2,
    ),
  }));
  const values = new Map(
    parameters.map(({ name, values }) => [name, Float64Array.from(values)]),
  );
  const lossOf = (pixels: Float64Array, shares: Float32Array) =>
    losses(referenceLogits(network, values, pixels, samples, { evaluation: true }), shares)
      .reduce((sum, loss) => sum + loss, 0);
  const slopes = (shares: Float32Array) => {
    const pixels = Float64Array.from(images);
    const step = 1e-5;
    return pixels.map((value, at) => {
      pixels[at] = value + step;
      const above = lossOf(pixels, shares);
      pixels[at] = value - step;
      const below = lossOf(pixels, shares);
      pixels[at] = value;
      return (above - below) / (2 * step);
    });
  };
  const asked: [Targets, Float64Array][] = [[labels, slopes(oneHot)], [mixed, slopes(mixed)]];
  for (const where of wheres) {
    await using engine = await createEngine({
      ...where,
      network,
      optimizer: descent,
      batchSize: samples,
    });
    engine.setParameters(parameters);
    for (const [targets, expected] of asked) {
      const actual = await engine.inputGradients(images, targets);
      let [difference, size] = [0, 0];
      expected.forEach((slope, at) => {
        difference += (actual[at]! - slope) ** 2;
        size += slope ** 2;
      });
      const error = Math.sqrt(difference / Math.max(size, 1e-6));
      assert(error < 1e-4, `${where.engine}/${where.backend}: slopes are off by ${error}`);
    }
    const { loss } = await engine.evaluate(images, labels);
    assertAlmostEquals(loss, lossOf(Float64Array.from(images), oneHot), 1e-4);
  }
}
