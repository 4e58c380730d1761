import { type Network, type PlacedLayer, placeLayers } from "../network.ts";
import { elements } from "../shape.ts";
import { updateRule } from "../optimizers.ts";
import { checkTraining } from "./check_training.ts";
import type { EngineOptions } from "./engine.ts";

/** A network does not fit into memory with batches of this size. */
export class OutOfMemory extends Error {
  /** The name of this class. */
  override readonly name = "OutOfMemory";

  /**
   * Says what did not fit, and which layer is the largest.
   *
   * @param network What was to be computed.
   * @param batchSize Samples of a training step.
   * @param reason What was asked for, or what the library said.
   */
  constructor(network: Network, readonly batchSize: number, readonly reason: string) {
    super(
      `Cannot compute ${network.name} with batches of ${batchSize}: out of memory (${reason}); ` +
        `${describeLargest(network, batchSize)}; ` +
        "use a smaller batch size (--batch-size) or a smaller network",
    );
  }
}

/** The layer whose output and parameters are the most numbers, with their shapes. */
function describeLargest(network: Network, batchSize: number): string {
  const numbers = ({ outputShape, parameters }: PlacedLayer) =>
    batchSize * elements(outputShape) +
    parameters.reduce((sum, { shape }) => sum + elements(shape), 0);
  const { layer, outputShape, parameters } = placeLayers(network)
    .reduce((largest, place) => numbers(place) > numbers(largest) ? place : largest);
  const shapes = [
    `output [${[batchSize, ...outputShape].join(", ")}]`,
    ...parameters.map(({ name, shape }) => `${name} [${shape.join(", ")}]`),
  ];
  return `the largest layer is "${layer.name}" (${layer.kind}): ${shapes.join(", ")}`;
}

/** Samples that an engine may compute at a time, however big the batch is. */
const fewestAtOnce = 64;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/**
 * Refuses what no engine could train, and what cannot fit into this machine's memory, where the
 * system would end the process.
 *
 * @throws {TypeError} If the network's layers do not fit each other, or a kind is unknown.
 * @throws {RangeError} If a size or a constant is out of range.
 * @throws {OutOfMemory} If what must be held at once is more than there is. Where the permission to
 * ask the system is missing, nothing is checked.
 */
export function checkMemory(training: Omit<EngineOptions, "engine" | "backend" | "seed">): void {
  checkTraining(training);
  const { network, optimizer, batchSize, device } = training;
  const permission = { name: "sys", kind: "systemMemoryInfo" } as const;
  if (device.type !== "cpu" || Deno.permissions.querySync(permission).state !== "granted") return;
  let numbers = batchSize * elements(network.input);
  for (const { inputShapes, parameters } of placeLayers(network)) {
    for (const { shape, trained } of parameters) {
      // The parameter, its gradient, and what the optimiser remembers.
      numbers += elements(shape) * (trained ? 2 + updateRule(optimizer).slots : 1);
    }
    if (parameters.some(({ fanIn }) => fanIn > 0)) {
      // The gradient of the weights needs what the layer read.
      numbers += Math.min(batchSize, fewestAtOnce) * elements(inputShapes[0]!);
    }
  }
  const { total } = Deno.systemMemoryInfo();
  if (numbers * floatBytes > total) {
    throw new OutOfMemory(
      network,
      batchSize,
      `${inGiB(numbers * floatBytes)} or more are needed, there are ${inGiB(total)}`,
    );
  }
}

/**
 * Tells lack of memory from other errors.
 *
 * @returns An {@linkcode OutOfMemory}, or the error itself.
 */
export function explainError(error: unknown, network: Network, batchSize: number): unknown {
  const reason = reasonOf(error);
  return reason === undefined ? error : new OutOfMemory(network, batchSize, reason);
}

/** What libraries say, in their own words. */
const signs = [
  /failed to allocate memory.*/i, // ONNX Runtime
  /array (buffer )?allocation failed.*/i, // JavaScript
  /invalid (typed )?array (buffer )?length.*/i,
  /webassembly\.memory\(\).*/i,
  /webassembly has no memory.*/i, // wasm.ts
  /out of memory.*/i, // CUDA, WebGPU
  /oom when allocating.*/i, // TensorFlow
  /bad_alloc/i, // C++
];

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // TensorFlow.js has no better words when an allocation inside a kernel fails.
  if (error instanceof WebAssembly.RuntimeError) return `WebAssembly stopped: ${error.message}`;
  for (const sign of signs) {
    const said = error.message.match(sign)?.[0];
    if (said !== undefined) return said;
  }
  return undefined;
}

function inGiB(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
