import { assert, assertEquals } from "@std/assert";
import { createEngine } from "../../models/engines/create_engine.ts";
import type { EngineOptions } from "../../models/engines/engine.ts";
import { type Network, parameterShapes } from "../../models/network.ts";
import { optimizerByName, type OptimizerPreset } from "../../models/optimizers.ts";
import { elements, type ImageShape } from "../../models/shape.ts";

interface GoldenStep {
  readonly loss: number;
  readonly logits0: readonly number[];
  readonly grads?: readonly { norm: number; first: readonly number[]; shape: readonly number[] }[];
  readonly param_norms_after: readonly number[];
  /** Of batch normalisation's running averages. */
  readonly running_norms_after?: readonly number[];
}

/** A reference run in 64-bit arithmetic. */
export interface Golden {
  readonly batch: number;
  /** Of the adaptive optimisers. Default 1e-8. */
  readonly epsilon?: number;
  readonly input_shape: ImageShape;
  readonly parameters: number;
  readonly runs: Readonly<Record<string, readonly GoldenStep[]>>;
}

function optimizerOf(
  name: string,
  epsilon: number,
): Pick<OptimizerPreset, "optimizer" | "learningRate"> {
  const { optimizer } = optimizerByName(name);
  return {
    optimizer: "epsilon" in optimizer ? { ...optimizer, epsilon } : optimizer,
    learningRate: name === "sgd" || name === "momentum" ? 0.002 : 0.001,
  };
}

/** Element i of stream k, in [0, 1), as the golden files define it. */
function mix(i: number, k: number): number {
  let h = (i + Math.imul(k, 0x9e3779b9)) >>> 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 4294967296;
}

function goldenParameters(network: Network) {
  let k = 0;
  return parameterShapes(network).map(({ name, shape, fanIn, initial, trained }) => {
    const width = !trained ? 0 : fanIn > 0 ? Math.sqrt(6 / fanIn) : 0.05;
    const values = Float32Array.from(
      { length: elements(shape) },
      (_, i) => initial + width * (2 * mix(i, k) - 1),
    );
    if (trained) k++;
    return { name, shape, values };
  });
}

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(1e-3, Math.abs(expected));
  assert(error <= tolerance, `${what}: expected ${expected}, received ${actual} (off ${error})`);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The reference runs of a network, by optimiser. */
export async function readGolden(network: string): Promise<Golden> {
  const file = new URL(`../golden/engine_${network}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(file));
}

/** Trains as a reference run did, and compares every step. */
export async function checkGolden(
  network: Network,
  golden: Golden,
  name: string,
  where: Pick<EngineOptions, "device" | "engine" | "backend">,
  steps = Infinity,
): Promise<void> {
  const { optimizer, learningRate } = optimizerOf(name, golden.epsilon ?? 1e-8);
  await using engine = await createEngine({
    ...where,
    network,
    optimizer,
    batchSize: golden.batch,
  });
  engine.setParameters(goldenParameters(network));
  const trained = parameterShapes(network).map(({ trained }) => trained);
  for (const [step, expected] of golden.runs[name]!.slice(0, steps).entries()) {
    const tolerance = step === 0 ? 1e-4 : 1e-3;
    const what = `${name}, step ${step}`;
    const { images, labels } = goldenSamples(network, golden.batch, step);
    const logits = await engine.logits(images);
    const scale = Math.max(...expected.logits0.map(Math.abs));
    expected.logits0.forEach((value, i) =>
      assert(Math.abs(logits[i]! - value) <= tolerance * scale, `${what}, logit ${i}`)
    );
    const { loss } = await engine.trainStep(images, labels, learningRate);
    assertNear(loss, expected.loss, tolerance, `${what}, loss`);
    const parameters = await engine.parameters();
    const norms = [...expected.param_norms_after];
    const runningNorms = [...expected.running_norms_after ?? []];
    for (const [i, { name, values }] of parameters.entries()) {
      const expectedNorm = (trained[i] ? norms : runningNorms).shift()!;
      assertNear(norm(values), expectedNorm, tolerance, `${what}, norm of ${name}`);
    }
    assertEquals([norms.length, runningNorms.length], [0, 0]);
  }
}

/** Compares the gradients of the first step. */
export async function checkGoldenGradients(
  network: Network,
  golden: Golden,
  where: Pick<EngineOptions, "device" | "engine" | "backend">,
): Promise<void> {
  const { optimizer } = optimizerByName("sgd");
  await using engine = await createEngine({
    ...where,
    network,
    optimizer,
    batchSize: golden.batch,
  });
  const before = goldenParameters(network);
  engine.setParameters(before);
  const { images, labels } = goldenSamples(network, golden.batch, 0);
  // With a learning rate of 1 the step is the gradient.
  await engine.trainStep(images, labels, 1);
  const after = await engine.parameters();
  const expected = [...golden.runs.sgd![0]!.grads!];
  for (const [i, { name, trained }] of parameterShapes(network).entries()) {
    if (!trained) continue;
    const values = after[i]!.values.map((value, j) => before[i]!.values[j]! - value);
    const gradient = expected.shift()!;
    assertNear(norm(values), gradient.norm, 1e-4, `gradient of ${name}`);
    const typical = gradient.norm / Math.sqrt(values.length);
    gradient.first.forEach((slope, j) => {
      const error = Math.abs(values[j]! - slope);
      assert(error <= 1e-3 * typical + 1e-6, `gradient ${j} of ${name} is off by ${error}`);
    });
  }
  assertEquals(expected.length, 0);
}

function goldenSamples(network: Network, batch: number, step: number) {
  return {
    images: Float32Array.from(
      { length: batch * elements(network.input) },
      (_, i) => mix(i, 1000 + step),
    ),
    labels: Uint8Array.from({ length: batch }, (_, j) => (3 * j + step) % 10),
  };
}
