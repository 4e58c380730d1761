import { assert } from "@std/assert";
import { createEngine, type EngineOptions } from "../../models/engines/engine.ts";
import { elements, type Network, parameterShapes } from "../../models/network.ts";
import { type Optimizer, optimizerByName } from "../../models/optimizers.ts";

interface GoldenStep {
  readonly loss: number;
  readonly logits0: readonly number[];
  readonly grads?: readonly { norm: number; first: readonly number[]; shape: readonly number[] }[];
  readonly param_norms_after: readonly number[];
}

/** A reference run in 64-bit arithmetic. */
export interface Golden {
  readonly batch: number;
  readonly parameters: number;
  readonly runs: Readonly<Record<string, readonly GoldenStep[]>>;
}

const optimizers: Readonly<Record<string, { optimizer: Optimizer; learningRate: number }>> = {
  sgd: { ...optimizerByName("sgd"), learningRate: 0.002 },
  momentum: { ...optimizerByName("momentum"), learningRate: 0.002 },
  adam: { ...optimizerByName("adam"), learningRate: 0.001 },
  rmsprop: { ...optimizerByName("rmsprop"), learningRate: 0.001 },
};

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
  return parameterShapes(network).map(({ name, shape, fanIn }, k) => {
    const width = fanIn > 0 ? Math.sqrt(6 / fanIn) : 0.05;
    const values = Float32Array.from(
      { length: elements(shape) },
      (_, i) => width * (2 * mix(i, k) - 1),
    );
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
  const { optimizer, learningRate } = optimizers[name]!;
  await using engine = await createEngine({
    ...where,
    network,
    optimizer,
    batchSize: golden.batch,
  });
  engine.setParameters(goldenParameters(network));
  for (const [step, expected] of golden.runs[name]!.slice(0, steps).entries()) {
    const tolerance = step === 0 ? 1e-4 : 1e-3;
    const what = `${name}, step ${step}`;
    const images = Float32Array.from(
      { length: golden.batch * elements(network.input) },
      (_, i) => mix(i, 1000 + step),
    );
    const labels = Uint8Array.from({ length: golden.batch }, (_, j) => (3 * j + step) % 10);
    const logits = await engine.logits(images);
    const scale = Math.max(...expected.logits0.map(Math.abs));
    expected.logits0.forEach((value, i) =>
      assert(Math.abs(logits[i]! - value) <= tolerance * scale, `${what}, logit ${i}`)
    );
    const before = await engine.parameters();
    const { loss } = await engine.trainStep(images, labels, learningRate);
    assertNear(loss, expected.loss, tolerance, `${what}, loss`);
    for (const [k, { name: parameter, values }] of (await engine.parameters()).entries()) {
      assertNear(
        norm(values),
        expected.param_norms_after[k]!,
        tolerance,
        `${what}, norm of ${parameter}`,
      );
      const gradient = name === "sgd" ? expected.grads?.[k] : undefined;
      if (!gradient) continue;
      const change = values.map((value, i) => (before[k]!.values[i]! - value) / learningRate);
      // The gradient is read off a difference of weights, which rounds to 1e-7 of the weight.
      assertNear(norm(change), gradient.norm, 1e-3, `${what}, gradient of ${parameter}`);
    }
  }
}
