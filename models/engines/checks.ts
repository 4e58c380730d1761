/**
 * What every engine refuses, in the same words.
 *
 * @module
 */

import { elements, type Network, type ParameterShape } from "../network.ts";
import type { NewParameter } from "./engine.ts";

/** @throws {RangeError} If it is not a positive integer. */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot create engine: batchSize must be a positive integer, received ${batchSize}`,
    );
  }
}

/**
 * @param what The end of "Cannot".
 * @throws {TypeError} If the lengths do not fit the network and each other.
 * @throws {RangeError} If a label is no class.
 */
export function checkSamples(
  what: string,
  { input, classes }: Network,
  images: Float32Array,
  labels: Uint8Array,
): void {
  const expected = labels.length * elements(input);
  if (images.length !== expected) {
    throw new TypeError(
      `Cannot ${what}: expected ${labels.length} images of ${input.join(" x ")} = ${expected} ` +
        `values for ${labels.length} labels, received ${images.length} values`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot ${what}: labels must be below ${classes}, received ${labels[wrong]} at ${wrong}`,
    );
  }
}

/**
 * @throws {TypeError} If there are no samples, or more than `batchSize`.
 * @throws {RangeError} If the learning rate is not positive.
 */
export function checkStep(samples: number, batchSize: number, learningRate: number): void {
  if (samples < 1 || samples > batchSize) {
    throw new TypeError(`Cannot train: expected 1 to ${batchSize} samples, received ${samples}`);
  }
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(
      `Cannot train: the learning rate must be positive, received ${learningRate}`,
    );
  }
}

/** @throws {TypeError} If the length is not that of one whole batch or several. */
export function checkBatches(
  { input }: Network,
  batchSize: number,
  images: Float32Array,
): void {
  const size = elements(input);
  if (images.length === 0 || images.length % (size * batchSize) !== 0) {
    throw new TypeError(
      `Cannot recompute statistics: expected whole batches of ${batchSize} images of ` +
        `${input.join(" x ")} = ${batchSize * size} values, received ${images.length} values`,
    );
  }
}

/** @throws {TypeError} If the length is not a whole number of images. */
export function checkImages({ input }: Network, images: Float32Array): void {
  if (images.length % elements(input) !== 0) {
    throw new TypeError(
      `Cannot compute logits: expected images of ${input.join(" x ")} = ${elements(input)} ` +
        `values, received ${images.length} values`,
    );
  }
}

/**
 * @returns The values by name.
 * @throws {TypeError} If a parameter is missing, unknown or of another shape or length.
 */
export function checkParameters(
  network: Network,
  shapes: readonly ParameterShape[],
  parameters: readonly NewParameter[],
): ReadonlyMap<string, Float32Array> {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  for (const { name, shape } of shapes) {
    const { values, shape: received = shape } = given.get(name) ?? {};
    if (values?.length !== elements(shape) || `${received}` !== `${shape}`) {
      throw new TypeError(
        `Cannot set parameter "${name}" of ${network.name}: expected [${shape.join(", ")}] = ` +
          `${elements(shape)} values, received ${describe(given.get(name))}`,
      );
    }
  }
  if (given.size !== shapes.length) {
    const known = new Set(shapes.map(({ name }) => name));
    const unknown = [...given.keys()].filter((name) => !known.has(name));
    throw new TypeError(`Cannot set parameters: ${network.name} has no ${unknown.join(", ")}`);
  }
  return new Map(parameters.map(({ name, values }) => [name, values]));
}

function describe(parameter?: NewParameter): string {
  if (!parameter) return "none";
  const { shape, values } = parameter;
  return shape ? `[${shape.join(", ")}] = ${values.length}` : `${values.length}`;
}
