import type { EngineName } from "../../models/engines/choice.ts";
import { createEngine } from "../../models/engines/create_engine.ts";
import type { Engine } from "../../models/engines/engine.ts";
import type { Network } from "../../models/network.ts";
import { optimizerByName } from "../../models/optimizers.ts";
import { elements, type ImageShape } from "../../models/shape.ts";
import { Random } from "../../random.ts";

/** The shape of all images here. */
export const input: ImageShape = [1, 8, 8];
/** One layer of each kind. */
export const network: Network = {
  name: "small",
  input,
  classes: 3,
  layers: [
    { kind: "conv", name: "conv", filters: 4, kernel: 3 },
    { kind: "relu", name: "relu" },
    { kind: "max_pool", name: "pool", size: 2 },
    { kind: "flatten", name: "flatten" },
    { kind: "dense", name: "dense", units: 3 },
  ],
};

/** An engine for it. */
export function small(
  batchSize: number,
  optimizer = "adam",
  engine: EngineName | "auto" = "auto",
): Promise<Engine> {
  return createEngine({
    engine,
    network,
    optimizer: optimizerByName(optimizer).optimizer,
    batchSize,
    device: { type: "cpu" },
    seed: 3,
  });
}

/** The options of an engine with batch normalisation, but for the batch size. */
export const normalised = {
  network: {
    name: "normalised",
    input,
    classes: 3,
    layers: [
      { kind: "conv", name: "conv", filters: 4, kernel: 3, bias: false },
      { kind: "batch_norm", name: "norm" },
      { kind: "relu", name: "relu" },
      { kind: "global_average_pool", name: "mean" },
      { kind: "dense", name: "dense", units: 3 },
    ],
  } satisfies Network,
  optimizer: optimizerByName("sgd").optimizer,
  device: { type: "cpu" },
} as const;

/** Images whose bright row tells their class. */
export function samples(count: number): { images: Float32Array; labels: Uint8Array } {
  const random = new Random(11);
  const images = Float32Array.from({ length: count * elements(input) }, () => random.uniform() / 2);
  const labels = Uint8Array.from({ length: count }, () => random.integer(3));
  labels.forEach((label, i) => images.fill(1, i * 64 + label * 16, i * 64 + label * 16 + 8));
  return { images, labels };
}

/** Some steps on the same samples. */
export async function train(engine: Engine, steps: number, count = 20): Promise<number[]> {
  const { images, labels } = samples(count);
  const losses = [];
  for (let step = 0; step < steps; step++) {
    losses.push((await engine.trainStep(images, labels, 0.01)).loss);
  }
  return losses;
}
