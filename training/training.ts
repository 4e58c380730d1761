/**
 * The loop that trains a network on disturbed images, for every role that trains.
 *
 * @module
 */
import {
  type Augmentation,
  type CompiledDisturbance,
  discriminatorSamples,
  fillBatch,
  fillDiscriminatorBatch,
  imageSize,
  type Indices,
  type Split,
} from "../datasets/mod.ts";
import type { Defence } from "../datasets/defences/defence.ts";
import {
  type Engine,
  learningRateAt,
  needsWholeBatches,
  type Network,
  type Schedule,
  type Targets,
} from "../models/mod.ts";
import { deriveSeed, Random } from "../random.ts";
import { TRAINING_STREAMS } from "../random_streams.ts";
import { defend } from "./defend.ts";

/** How long and how a network is trained. */
export interface TrainingPlan {
  /** Passes over the images. */
  readonly epochs: number;
  /** Images of a step. */
  readonly batchSize: number;
  /** Leave out the last images of an epoch that do not fill a step, instead of a smaller step. */
  readonly wholeBatches: boolean;
  /** The learning rate that the schedule scales. */
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Decides initial weights and the order of images. */
  readonly seed: number;
  /** Awaited after every step, and after every one of an attack; throw here to stop. */
  readonly onStep?: () => Promise<void>;
  /**
   * Awaited after every epoch but the last: whether to go on.
   *
   * @param epoch From 1.
   * @param loss Mean over the epoch, in nats.
   */
  readonly onEpoch?: ((epoch: number, loss: number) => Promise<boolean>) | undefined;
}

/** What is done to images before the network sees them. */
export interface Treatment {
  /** `undefined`: none. */
  readonly disturbance: CompiledDisturbance | undefined;
  /** Shifts and flips, after the disturbance. Default: none. */
  readonly augmentation?: Augmentation | undefined;
  /** After them, one after the other. Default: none. */
  readonly defences?: readonly Defence[];
}

/** Copies images `start` to `start + count` of an order into a batch. */
type FillBatch = (
  order: Uint32Array,
  start: number,
  count: number,
  images: Float32Array,
  labels: Uint8Array,
) => void;

/** Changes the images of a batch, and gives what they are to be. */
type Defend = (images: Float32Array, labels: Uint8Array) => Promise<Targets>;

/**
 * Train from scratch, each epoch in a new seeded order.
 *
 * @returns Mean loss of the last epoch, in nats, and the images that were trained on.
 */
async function train(
  engine: Engine,
  samples: Uint32Array,
  size: number,
  fill: FillBatch,
  plan: TrainingPlan,
  defend?: Defend,
): Promise<{ loss: number; images: number }> {
  const { epochs, batchSize, wholeBatches, learningRate, schedule, seed, onStep, onEpoch } = plan;
  engine.initialize(deriveSeed(seed, TRAINING_STREAMS.engine));
  const random = new Random(deriveSeed(seed, TRAINING_STREAMS.order));
  const order = samples.slice();
  const images = new Float32Array(batchSize * size);
  const labels = new Uint8Array(batchSize);
  const used = wholeBatches ? order.length - (order.length % batchSize) : order.length;
  if (used === 0) {
    throw new RangeError(
      `Cannot train: expected at least ${batchSize} images, received ${order.length}`,
    );
  }
  let sum = 0;
  let epoch = 0;
  for (let goesOn = true; goesOn && epoch < epochs; epoch++) {
    random.shuffle(order);
    sum = 0;
    for (let start = 0; start < used; start += batchSize) {
      const count = Math.min(batchSize, used - start);
      fill(order, start, count, images, labels);
      const [batch, own] = [images.subarray(0, count * size), labels.subarray(0, count)];
      const { loss } = await engine.trainStep(
        batch,
        defend ? await defend(batch, own) : own,
        learningRateAt(schedule, learningRate, epoch + start / used, epochs),
      );
      sum += loss * count;
      await onStep?.();
    }
    if (onEpoch && epoch + 1 < epochs) goesOn = await onEpoch(epoch + 1, sum / used);
  }
  return { loss: sum / used, images: epoch * used };
}

/** Train a classifier on the treated images at `indices`. */
export function trainClassifier(
  engine: Engine,
  split: Split<"train">,
  indices: Uint32Array,
  treatment: Treatment,
  plan: TrainingPlan,
): Promise<{ loss: number; images: number }> {
  const { defences = [], ...before } = treatment;
  const randomOf = (stream: keyof typeof TRAINING_STREAMS) =>
    new Random(deriveSeed(plan.seed, TRAINING_STREAMS[stream]));
  const random = randomOf("augmentation");
  const slopesOf: Engine["inputGradients"] = async (images, labels) => {
    const slopes = await engine.inputGradients(images, labels);
    await plan.onStep?.();
    return slopes;
  };
  const defence = { defences, slopesOf, split, random: randomOf("defences") };
  return train(
    engine,
    indices,
    imageSize(split),
    (order, start, count, images, labels) =>
      fillBatch({ split, indices: order, start, count, ...before, random, images, labels }),
    plan,
    defences.length === 0 ? undefined : (images, labels) => defend(images, labels, defence),
  );
}

/** Train a discriminator on the images at `indices`, each once clean and once disturbed. */
export function trainDiscriminator(
  engine: Engine,
  split: Split<"train">,
  indices: Uint32Array,
  disturbance: CompiledDisturbance,
  plan: TrainingPlan,
): Promise<{ loss: number; images: number }> {
  return train(
    engine,
    discriminatorSamples(indices),
    imageSize(split),
    (samples, start, count, images, labels) =>
      fillDiscriminatorBatch({ split, samples, start, count, disturbance, images, labels }),
    plan,
  );
}

/** @throws {RangeError} If a network that can only be trained on whole batches would have none. */
export function requireWholeBatch(network: Network, batchSize: number, images: number): void {
  if (!needsWholeBatches(network) || images >= batchSize) return;
  throw new RangeError(
    `Cannot train ${network.name}: expected at least one batch of ${batchSize} training images, ` +
      `received ${images}`,
  );
}

/** Images that are evaluated at once. */
const CHUNK = 250;

/** Mean loss and share of hits over `total` samples, in runs that `fill` copies into a batch. */
async function evaluate(
  engine: Engine,
  total: number,
  size: number,
  fill: (start: number, count: number, images: Float32Array, labels: Uint8Array) => void,
  onChunk?: () => Promise<void>,
): Promise<{ loss: number; accuracy: number }> {
  const images = new Float32Array(CHUNK * size);
  const labels = new Uint8Array(CHUNK);
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < total; start += CHUNK) {
    const count = Math.min(CHUNK, total - start);
    fill(start, count, images, labels);
    const sums = await engine.evaluate(
      images.subarray(0, count * size),
      labels.subarray(0, count),
    );
    loss += sums.loss;
    correct += sums.correct;
    await onChunk?.();
  }
  return { loss: loss / total, accuracy: correct / total };
}

/**
 * Mean loss and accuracy over images.
 *
 * @returns Loss in nats, accuracy from 0 to 1.
 */
export function evaluateClassifier(
  engine: Engine,
  split: Split,
  indices: Indices,
  disturbance: CompiledDisturbance | undefined,
  onChunk?: () => Promise<void>,
): Promise<{ loss: number; accuracy: number }> {
  return evaluate(
    engine,
    indices.length,
    imageSize(split),
    (start, count, images, labels) =>
      fillBatch({ split, indices, start, count, disturbance, images, labels }),
    onChunk,
  );
}

/**
 * Balanced error of a discriminator: the mean of its error on clean and on disturbed images.
 *
 * @returns From 0 to 1; 0.5 is guessing.
 */
export async function discriminatorError(
  engine: Engine,
  split: Split<"train">,
  indices: Uint32Array,
  disturbance: CompiledDisturbance,
): Promise<number> {
  const samples = discriminatorSamples(indices);
  const { accuracy } = await evaluate(
    engine,
    samples.length,
    imageSize(split),
    (start, count, images, labels) =>
      fillDiscriminatorBatch({ split, samples, start, count, disturbance, images, labels }),
  );
  return 1 - accuracy;
}
