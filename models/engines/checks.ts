/**
 * What an engine refuses, whatever computes; see {@linkcode CheckedEngine}.
 *
 * @module
 */

import { needsWholeBatches, type Network } from "../network.ts";
import { elements, type ParameterShape } from "../shape.ts";
import type { NewParameter, Targets } from "./engine.ts";

/**
 * @param what The end of "Cannot", here and below.
 * @throws {RangeError} If it is not an integer.
 */
export function checkSeed(what: string, seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot ${what}: the seed must be an integer, received ${seed}`);
  }
}

/**
 * @throws {TypeError} If these are no images and labels, or their lengths do not fit the network and
 * each other.
 * @throws {RangeError} If a label is no class.
 */
export function checkSamples(
  what: string,
  { input, classes }: Network,
  images: Float32Array,
  labels: Uint8Array,
): void {
  checkType(what, "images", images, Float32Array);
  checkType(what, "labels", labels, Uint8Array);
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
 * As {@linkcode checkSamples}, also for shares of classes.
 *
 * @returns The number of samples.
 * @throws {RangeError} If shares are negative, or have not a sum of 1.
 */
export function checkTargets(
  what: string,
  network: Network,
  images: Float32Array,
  targets: Targets,
): number {
  const { input, classes } = network;
  if (!(targets instanceof Float32Array)) {
    checkSamples(what, network, images, targets);
    return targets.length;
  }
  checkType(what, "images", images, Float32Array);
  const samples = images.length / elements(input);
  if (targets.length !== samples * classes) {
    throw new TypeError(
      `Cannot ${what}: expected shares of ${classes} classes for each image of ` +
        `${input.join(" x ")}, received ${targets.length} shares and ${images.length} values`,
    );
  }
  for (let sample = 0; sample < samples; sample++) {
    const shares = targets.subarray(sample * classes, (sample + 1) * classes);
    const sum = shares.reduce((sum, share) => sum + share, 0);
    if (shares.every((share) => share >= 0) && Math.abs(sum - 1) < SUM_TOLERANCE) continue;
    throw new RangeError(
      `Cannot ${what}: shares of classes must be 0 or more with a sum of 1, received ` +
        `[${shares.join(", ")}] at ${sample}`,
    );
  }
  return samples;
}

/** Of shares in 32-bit arithmetic. */
const SUM_TOLERANCE = 1e-4;

/**
 * @throws {TypeError} If there are no samples, more than `batchSize`, or fewer where the network has
 * batch normalisation.
 * @throws {RangeError} If the learning rate is not positive.
 */
export function checkStep(
  network: Network,
  batchSize: number,
  samples: number,
  learningRate: number,
): void {
  if (samples < 1 || samples > batchSize) {
    throw new TypeError(`Cannot train: expected 1 to ${batchSize} samples, received ${samples}`);
  }
  if (samples < batchSize && needsWholeBatches(network)) {
    throw new TypeError(
      `Cannot train: batch normalisation needs all ${batchSize} samples of a batch, ` +
        `received ${samples}`,
    );
  }
  if (!Number.isFinite(learningRate) || learningRate <= 0) {
    throw new RangeError(
      `Cannot train: the learning rate must be positive, received ${learningRate}`,
    );
  }
}

/** @throws {TypeError} If the length is not that of one whole batch or several. */
export function checkBatches({ input }: Network, batchSize: number, images: Float32Array): void {
  checkType("recompute statistics", "images", images, Float32Array);
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
  checkType("compute logits", "images", images, Float32Array);
  if (images.length % elements(input) !== 0) {
    throw new TypeError(
      `Cannot compute logits: expected images of ${input.join(" x ")} = ${elements(input)} ` +
        `values, received ${images.length} values`,
    );
  }
}

/**
 * For what has no loss, which would tell.
 *
 * @throws {RangeError} If a pixel is not finite.
 */
export function checkPixels(what: string, images: Float32Array): void {
  const wrong = firstNotFinite(images);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot ${what}: pixels must be finite, received ${images[wrong]} at ${wrong}`,
    );
  }
}

/**
 * @returns The values by name.
 * @throws {TypeError} If a parameter is missing, unknown, there twice, or of another type, shape or
 * length.
 * @throws {RangeError} If a value is not finite.
 */
export function checkParameters(
  network: Network,
  shapes: readonly ParameterShape[],
  parameters: readonly NewParameter[],
): ReadonlyMap<string, Float32Array> {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  for (const { name, shape } of shapes) {
    const parameter = given.get(name);
    const what = `set parameter "${name}" of ${network.name}`;
    if (parameter) checkType(what, "values", parameter.values, Float32Array);
    const { values, shape: received = shape } = parameter ?? {};
    if (values?.length !== elements(shape) || `${received}` !== `${shape}`) {
      throw new TypeError(
        `Cannot ${what}: expected [${shape.join(", ")}] = ${elements(shape)} values, ` +
          `received ${describe(parameter)}`,
      );
    }
    const wrong = firstNotFinite(values);
    if (wrong >= 0) throw new RangeError(`Cannot ${what}: value ${wrong} is ${values[wrong]}`);
  }
  if (given.size !== shapes.length) {
    const known = new Set(shapes.map(({ name }) => name));
    const unknown = [...given.keys()].filter((name) => !known.has(name));
    throw new TypeError(`Cannot set parameters: ${network.name} has no ${unknown.join(", ")}`);
  }
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new TypeError(`Cannot set parameters: "${twice}" is there twice`);
  }
  return new Map(parameters.map(({ name, values }) => [name, values]));
}

function describe(parameter?: NewParameter): string {
  if (!parameter) return "none";
  const { shape, values } = parameter;
  return shape ? `[${shape.join(", ")}] = ${values.length}` : `${values.length}`;
}

/** The type checker says the same, where it has looked. */
function checkType(
  what: string,
  argument: string,
  value: unknown,
  type: Float32ArrayConstructor | Uint8ArrayConstructor,
): void {
  if (value instanceof type) return;
  const received = (value as { constructor?: { name: string } } | null)?.constructor?.name ?? value;
  throw new TypeError(`Cannot ${what}: expected ${argument} as ${type.name}, received ${received}`);
}

/** The first place of what is no finite number, -1 if there is none. */
export function firstNotFinite(values: Float32Array): number {
  // A sum of zeros is fast, and is no number as soon as one of them was not.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}
