/**
 * Networks and optimisers as data, and the engines that train them.
 *
 * @example One step
 * ```ts
 * import { createEngine, grayNet, optimizerByName } from "@mddes/mddes/models";
 *
 * const { optimizer, learningRate } = optimizerByName("adam");
 * await using engine = await createEngine({
 *   network: grayNet([1, 28, 28], 10),
 *   optimizer,
 *   batchSize: 32,
 *   device: { type: "cpu" },
 *   seed: 7,
 * });
 * const images = new Float32Array(32 * 28 * 28);
 * const labels = new Uint8Array(32);
 * const { loss, correct } = await engine.trainStep(images, labels, learningRate);
 * ```
 *
 * @module
 */

export { type Layer, layerKinds } from "./layers.ts";
export type { Add } from "./layers/add.ts";
export type { AveragePool } from "./layers/average_pool.ts";
export type { BatchNorm } from "./layers/batch_norm.ts";
export type { Concat } from "./layers/concat.ts";
export { type Conv, convPadding } from "./layers/conv.ts";
export type { Dense } from "./layers/dense.ts";
export type { Dropout } from "./layers/dropout.ts";
export type { Flatten } from "./layers/flatten.ts";
export type { GlobalAveragePool } from "./layers/global_average_pool.ts";
export type { NamedLayer } from "./layers/layer_kind.ts";
export type { MaxPool } from "./layers/max_pool.ts";
export type { Relu } from "./layers/relu.ts";
export type { Shortcut } from "./layers/shortcut.ts";
export * from "./shape.ts";
export * from "./network.ts";
export * from "./networks.ts";
export * from "./load_network.ts";
export type { LoadNetworkOptions } from "./network_process.ts";
export * from "./graynet.ts";
export * from "./colornet.ts";
export * from "./resnet.ts";
export * from "./densenet.ts";
export * from "./discriminator.ts";
export {
  type Optimizer,
  optimizerByName,
  optimizerNames,
  type OptimizerPreset,
  withWeightDecay,
} from "./optimizers.ts";
export type { AdaBound } from "./optimizers/adabound.ts";
export type { Adam } from "./optimizers/adam.ts";
export type { Momentum } from "./optimizers/momentum.ts";
export type { RmsProp } from "./optimizers/rmsprop.ts";
export type { Sgd } from "./optimizers/sgd.ts";
export * from "./schedules.ts";
export * from "./recipes.ts";
export * from "./engines/choice.ts";
export * from "./engines/device.ts";
export * from "./engines/engine.ts";
export * from "./engines/create_engine.ts";
export { checkMemory, OutOfMemory } from "./engines/out_of_memory.ts";
export { TrainingDiverged } from "./engines/training_diverged.ts";
export * from "./weights.ts";
