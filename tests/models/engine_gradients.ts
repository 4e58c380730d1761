import { assert } from "@std/assert";
import {
  createEngine,
  elements,
  type Network,
  type Optimizer,
  parameterShapes,
} from "../../models/mod.ts";
import { deriveSeed, Random } from "../../random.ts";
import { type Case, classes, dropoutMasks, droppedBy } from "./layer_cases.ts";
import { referenceGradients } from "./reference.ts";
import type { Where } from "./tfjs_backends.ts";

const descent: Optimizer = { kind: "sgd", weightDecay: 0 };

/** Compares the gradients that engines follow with the slopes of the loss in 64-bit arithmetic. */
export async function checkGradients(
  { input, layers, flat = false, samples = 5 }: Case,
  wheres: readonly Where[],
): Promise<void> {
  const network: Network = { name: "small", input, classes, layers };
  const random = new Random(5);
  const labels = Uint8Array.from({ length: samples }, () => random.integer(classes));
  const images = Float32Array.from(
    { length: samples * elements(input) },
    () => flat ? 0.5 : random.uniform(),
  );
  const shapes = parameterShapes(network);
  const parameters = shapes.map(({ name, shape, trained }) => ({
    name,
    values: Float32Array.from(
      { length: elements(shape) },
      () => trained ? random.normal() / 2 : 1,
    ),
  }));
  const expected = referenceGradients(
    network,
    new Map(parameters.map(({ name, values }) => [name, Float64Array.from(values)])),
    images,
    labels,
    // Engines begin with seed 0.
    droppedBy(dropoutMasks(network, samples, new Random(deriveSeed(0, 1)))),
  );
  for (const where of wheres) {
    await using engine = await createEngine({
      ...where,
      network,
      optimizer: descent,
      batchSize: samples,
    });
    engine.setParameters(parameters);
    // With a learning rate of 1 the step is the gradient.
    await engine.trainStep(images, labels, 1);
    for (const [i, { name, values }] of (await engine.parameters()).entries()) {
      if (!shapes[i]!.trained) continue;
      const before = parameters[i]!.values;
      const slopes = expected.get(name)!;
      let [difference, size] = [0, 0];
      slopes.forEach((slope, j) => {
        difference += (before[j]! - values[j]! - slope) ** 2;
        size += slope ** 2;
      });
      const error = Math.sqrt(difference / Math.max(size, 1e-6));
      const { engine: library, backend } = where;
      assert(error < 1e-4, `${library}/${backend}: gradient of ${name} is off by ${error}`);
    }
  }
}
