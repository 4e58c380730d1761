import type { Layer } from "../../models/layers.ts";
import { type Network, placeLayers } from "../../models/network.ts";
import { elements } from "../../models/shape.ts";
import type { Random } from "../../random.ts";
import type { PassOptions } from "./reference.ts";

/** Classes of every case. */
export const classes = 3;

const head: readonly Layer[] = [
  { kind: "flatten", name: "flatten" },
  { kind: "dense", name: "dense", units: classes },
];

/** A network that shows what is checked. */
export interface Case extends Pick<Network, "input" | "layers"> {
  /** Whether all pixels are equal. Default false. */
  readonly flat?: boolean;
  /** Default 5. Batch normalisation needs a whole batch. */
  readonly samples?: number;
}

/** Small networks that hold every kind of layer, by what they show. */
export const cases: Readonly<Record<string, Case>> = {
  "dense": {
    input: [2, 3, 1],
    layers: [
      { kind: "flatten", name: "flatten" },
      { kind: "dense", name: "hidden", units: 5 },
      { kind: "relu", name: "relu" },
      { kind: "dense", name: "dense", units: classes },
    ],
  },
  "conv on an odd image": {
    input: [2, 5, 3],
    layers: [{ kind: "conv", name: "conv", filters: 3, kernel: 3 }, ...head],
  },
  "conv without padding or bias": {
    input: [1, 6, 5],
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 3, padding: "valid", bias: false },
      ...head,
    ],
  },
  "conv after conv, with 5 x 5 and 1 x 1 kernels": {
    input: [1, 6, 7],
    layers: [
      { kind: "conv", name: "conv1", filters: 3, kernel: 5 },
      { kind: "relu", name: "relu1" },
      { kind: "conv", name: "conv2", filters: 2, kernel: 1 },
      ...head,
    ],
  },
  "conv of stride 2 with an even kernel, after conv": {
    input: [1, 7, 6],
    layers: [
      { kind: "conv", name: "conv1", filters: 2, kernel: 3 },
      { kind: "conv", name: "conv2", filters: 2, kernel: 2, stride: 2 },
      { kind: "conv", name: "conv3", filters: 2, kernel: 3, stride: 2 },
      ...head,
    ],
  },
  "conv of stride 3 that leaves pixels over": {
    input: [1, 8, 9],
    layers: [
      { kind: "conv", name: "conv1", filters: 2, kernel: 3 },
      { kind: "conv", name: "conv2", filters: 2, kernel: 2, stride: 3, padding: "valid" },
      ...head,
    ],
  },
  "convs of many strides, after conv": {
    input: [1, 17, 19],
    layers: [
      { kind: "conv", name: "conv1", filters: 2, kernel: 1 },
      { kind: "conv", name: "conv2", filters: 3, kernel: 5, stride: 2, padding: "valid" },
      { kind: "conv", name: "conv3", filters: 2, kernel: 3, stride: 3 },
      { kind: "conv", name: "conv4", filters: 2, kernel: 1, stride: 2 },
      ...head,
    ],
  },
  "more channels than a block": {
    input: [1, 2, 3],
    layers: [
      { kind: "conv", name: "conv1", filters: 18, kernel: 1 },
      { kind: "conv", name: "conv2", filters: 2, kernel: 3 },
      { kind: "conv", name: "conv3", filters: 17, kernel: 1 },
      { kind: "max_pool", name: "pool", size: 2 },
      ...head,
    ],
  },
  "max pooling of odd sides": {
    input: [1, 7, 5],
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 3 },
      { kind: "max_pool", name: "pool", size: 2 },
      ...head,
    ],
  },
  "max pooling of equal pixels": {
    flat: true,
    input: [1, 4, 4],
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 1 },
      { kind: "max_pool", name: "pool", size: 2 },
      ...head,
    ],
  },
  "convolution and max pooling of equal pixels": {
    flat: true,
    input: [1, 8, 8],
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 3 },
      { kind: "max_pool", name: "pool", size: 2 },
      ...head,
    ],
  },
  "batch normalisation, with and without ReLU": {
    samples: 16,
    input: [2, 4, 3],
    layers: [
      { kind: "batch_norm", name: "norm1" },
      { kind: "conv", name: "conv1", filters: 3, kernel: 3, bias: false },
      { kind: "batch_norm", name: "norm2" },
      { kind: "relu", name: "relu" },
      { kind: "conv", name: "conv2", filters: 18, kernel: 1, bias: false },
      { kind: "batch_norm", name: "norm3" },
      { kind: "global_average_pool", name: "mean" },
      { kind: "dense", name: "dense", units: classes },
    ],
  },
  "average pooling of windows that leave pixels over": {
    input: [1, 7, 5],
    layers: [
      { kind: "conv", name: "conv", filters: 3, kernel: 3 },
      { kind: "average_pool", name: "pool", size: 2 },
      { kind: "relu", name: "relu" },
      { kind: "average_pool", name: "pool2", size: 2 },
      ...head,
    ],
  },
  "a sum of two ways": {
    input: [2, 4, 3],
    layers: [
      { kind: "conv", name: "left", filters: 2, kernel: 3 },
      { kind: "relu", name: "relu" },
      { kind: "conv", name: "right", filters: 2, kernel: 1, inputs: ["input"] },
      { kind: "add", name: "sum", inputs: ["relu", "right", "left"] },
      { kind: "global_average_pool", name: "mean" },
      { kind: "dense", name: "dense", units: classes },
    ],
  },
  "joined channels, of whole blocks and of parts": {
    input: [1, 3, 2],
    layers: [
      { kind: "conv", name: "whole", filters: 16, kernel: 1 },
      { kind: "conv", name: "other", filters: 16, kernel: 1, inputs: ["input"] },
      { kind: "concat", name: "blocks", inputs: ["whole", "other"] },
      { kind: "conv", name: "part", filters: 3, kernel: 3, inputs: ["blocks"] },
      { kind: "concat", name: "parts", inputs: ["part", "input", "blocks"] },
      { kind: "conv", name: "last", filters: 2, kernel: 1 },
      ...head,
    ],
  },
  "a shortcut to more channels and fewer pixels": {
    input: [2, 6, 5],
    layers: [
      { kind: "conv", name: "conv", filters: 3, kernel: 3 },
      { kind: "shortcut", name: "even", filters: 20, stride: 2 },
      { kind: "conv", name: "conv2", filters: 2, kernel: 1 },
      { kind: "shortcut", name: "same", filters: 4, stride: 1 },
      ...head,
    ],
  },
  "max pooling of windows of 3": {
    input: [1, 7, 6],
    layers: [
      { kind: "conv", name: "conv", filters: 2, kernel: 3 },
      { kind: "relu", name: "relu" },
      { kind: "max_pool", name: "pool", size: 3 },
      ...head,
    ],
  },
  "conv, ReLU and max pooling, twice": {
    input: [1, 8, 12],
    layers: [
      { kind: "conv", name: "conv1", filters: 3, kernel: 3 },
      { kind: "relu", name: "relu1" },
      { kind: "max_pool", name: "pool1", size: 2 },
      { kind: "conv", name: "conv2", filters: 4, kernel: 5 },
      { kind: "relu", name: "relu2" },
      { kind: "max_pool", name: "pool2", size: 2 },
      ...head,
    ],
  },
  "a convolution that both a ReLU and the next layer read": {
    input: [1, 4, 4],
    layers: [
      { kind: "conv", name: "conv1", filters: 2, kernel: 3 },
      { kind: "relu", name: "relu" },
      { kind: "conv", name: "conv2", filters: 2, kernel: 3, inputs: ["conv1"] },
      ...head,
    ],
  },
  "a residual block of stride 2 on odd sides, normalised": {
    samples: 16,
    input: [2, 7, 5],
    layers: [
      { kind: "conv", name: "conv1", filters: 4, kernel: 3, stride: 2, bias: false },
      { kind: "batch_norm", name: "norm1" },
      { kind: "relu", name: "relu1" },
      { kind: "conv", name: "conv2", filters: 4, kernel: 3, bias: false },
      { kind: "batch_norm", name: "norm2" },
      { kind: "shortcut", name: "shortcut", inputs: ["input"], filters: 4, stride: 2 },
      { kind: "add", name: "add", inputs: ["norm2", "shortcut"] },
      { kind: "relu", name: "relu2" },
      { kind: "average_pool", name: "pool", size: 3 },
      ...head,
    ],
  },
  "dropout of channels and of features": {
    input: [1, 5, 3],
    layers: [
      { kind: "conv", name: "conv", filters: 3, kernel: 3 },
      { kind: "dropout", name: "drop1", rate: 0.3 },
      { kind: "conv", name: "conv2", filters: 2, kernel: 2, stride: 2 },
      { kind: "flatten", name: "flatten" },
      { kind: "dropout", name: "drop2", rate: 0.5 },
      { kind: "dense", name: "dense", units: classes },
    ],
  },
};

/** What each dropout layer multiplies by: `[samples, ...shape]`, as engines draw it for a step. */
export function dropoutMasks(
  network: Network,
  samples: number,
  random: Random,
): Map<string, Float32Array> {
  return new Map(
    placeLayers(network).flatMap(({ layer, outputShape }) =>
      layer.kind !== "dropout" ? [] : [[
        layer.name,
        Float32Array.from(
          { length: samples * elements(outputShape) },
          () => random.uniform() < layer.rate ? 0 : 1 / (1 - layer.rate),
        ),
      ]]
    ),
  );
}

/** Drops in the reference what the masks drop. */
export function droppedBy(masks: ReadonlyMap<string, Float32Array>): PassOptions {
  return {
    after(layer, output, sample) {
      const mask = masks.get(layer);
      if (mask) output.forEach((_, i) => output[i]! *= mask[sample * output.length + i]!);
    },
  };
}
