import type { Layer } from "../../models/layers.ts";
import { convPadding } from "../../models/layers/conv.ts";
import { type Network, placeLayers } from "../../models/network.ts";

/** An activation of one image: `[channels, height, width]` or `[features]`, row-major. */
interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Parameter values by name. */
export type Values = ReadonlyMap<string, Float64Array>;

/** The gradient of the loss by each parameter, by central differences. */
export function referenceGradients(
  network: Network,
  values: Values,
  images: Float32Array,
  labels: Uint8Array,
  options: PassOptions = {},
): Map<string, Float64Array> {
  const step = 1e-5;
  const gradients = new Map<string, Float64Array>();
  for (const [name, parameter] of values) {
    gradients.set(
      name,
      parameter.map((value, i) => {
        parameter[i] = value + step;
        const above = referenceLoss(network, values, images, labels, options);
        parameter[i] = value - step;
        const below = referenceLoss(network, values, images, labels, options);
        parameter[i] = value;
        return (above - below) / (2 * step);
      }),
    );
  }
  return gradients;
}

/** Mean softmax cross-entropy of a batch, written out in 64-bit arithmetic, loop by loop. */
export function referenceLoss(
  network: Network,
  values: Values,
  images: Float32Array,
  labels: Uint8Array,
  options: PassOptions = {},
): number {
  const batch = referenceLogits(network, values, images, labels.length, options);
  const losses = batch.map((logits, sample) => {
    const highest = Math.max(...logits);
    const sum = logits.reduce((sum, z) => sum + Math.exp(z - highest), 0);
    return highest + Math.log(sum) - logits[labels[sample]!]!;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

/** How {@linkcode referenceLogits} runs. */
export interface PassOptions {
  /** Whether batch normalisation uses running averages. Default false. */
  readonly evaluation?: boolean;
  /** Sees, and may change, what a layer gives for a sample. */
  readonly after?: (layer: string, output: Float64Array, sample: number) => void;
}

/** The logits of a batch, by default in training. */
export function referenceLogits(
  network: Network,
  values: Values,
  images: Float32Array | Float64Array,
  samples: number,
  { evaluation = false, after = () => {} }: PassOptions = {},
): Float64Array[] {
  const size = images.length / samples;
  const input = Array.from({ length: samples }, (_, sample): Tensor => ({
    shape: network.input,
    data: Float64Array.from(images.subarray(sample * size, (sample + 1) * size)),
  }));
  const outputs = new Map<string, readonly Tensor[]>([["input", input]]);
  let last: readonly Tensor[] = input;
  for (const { layer, inputs } of placeLayers(network)) {
    const read = inputs.map((name) => outputs.get(name)!);
    last = layer.kind === "batch_norm"
      ? normalise(layer.name, read[0]!, values, evaluation)
      : input.map((_, sample) => apply(layer, read.map((batch) => batch[sample]!), values));
    for (const [sample, { data }] of last.entries()) after(layer.name, data, sample);
    outputs.set(layer.name, last);
  }
  return last.map(({ data }) => data);
}

function normalise(
  name: string,
  batch: readonly Tensor[],
  values: Values,
  evaluation: boolean,
): Tensor[] {
  const [channels, height, width] = batch[0]!.shape as [number, number, number];
  const pixels = height * width;
  const result = batch.map(({ shape, data }): Tensor => ({ shape, data: data.slice() }));
  for (let channel = 0; channel < channels; channel++) {
    const parts = result.map(({ data }) => data.subarray(channel * pixels, (channel + 1) * pixels));
    const mean = evaluation
      ? values.get(`${name}.running_mean`)![channel]!
      : average(parts.map(average));
    const variance = evaluation
      ? values.get(`${name}.running_variance`)![channel]!
      : average(parts.map((part) => average(part.map((x) => (x - mean) ** 2))));
    const scale = values.get(`${name}.scale`)![channel]! / Math.sqrt(variance + 1e-5);
    const shift = values.get(`${name}.shift`)![channel]!;
    for (const part of parts) part.forEach((x, i) => part[i] = (x - mean) * scale + shift);
  }
  return result;
}

function average(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function apply(layer: Layer, inputs: readonly Tensor[], values: Values): Tensor {
  const input = inputs[0]!;
  const [channels, height, width] = input.shape as [number, number, number];
  const weight = values.get(`${layer.name}.weight`);
  const bias = values.get(`${layer.name}.bias`);
  switch (layer.kind) {
    case "relu":
      return { shape: input.shape, data: input.data.map((x) => Math.max(x, 0)) };
    case "dropout":
      // What it drops is said with `after`.
      return { shape: input.shape, data: input.data.slice() };
    case "batch_norm":
      throw new TypeError("Batch normalisation is not sample by sample");
    case "flatten":
      return { shape: [input.data.length], data: input.data.slice() };
    case "dense": {
      const data = Float64Array.from(bias!);
      for (const [i, x] of input.data.entries()) {
        for (let j = 0; j < layer.units; j++) data[j]! += x * weight![i * layer.units + j]!;
      }
      return { shape: [layer.units], data };
    }
    case "max_pool":
    case "average_pool": {
      const { size } = layer;
      return fill(
        [channels, Math.floor(height / size), Math.floor(width / size)],
        (channel, row, column) => {
          const window = [];
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              window.push(at(input, channel, row * size + i, column * size + j));
            }
          }
          return layer.kind === "max_pool" ? Math.max(...window) : average(window);
        },
      );
    }
    case "global_average_pool": {
      const pixels = height * width;
      const data = Float64Array.from(
        { length: channels },
        (_, channel) => average(input.data.subarray(channel * pixels, (channel + 1) * pixels)),
      );
      return { shape: [channels], data };
    }
    case "add":
      return {
        shape: input.shape,
        data: input.data.map((_, i) => inputs.reduce((sum, { data }) => sum + data[i]!, 0)),
      };
    case "concat": {
      const data = Float64Array.from(inputs.flatMap((input) => [...input.data]));
      return { shape: [data.length / (height * width), height, width], data };
    }
    case "shortcut": {
      const { stride, filters } = layer;
      return fill(
        [filters, Math.ceil(height / stride), Math.ceil(width / stride)],
        (channel, row, column) =>
          channel < channels ? at(input, channel, row * stride, column * stride) : 0,
      );
    }
    case "conv": {
      const { filters, kernel, stride = 1 } = layer;
      const [before, after] = convPadding(layer);
      const out = (size: number) => Math.floor((size + before + after - kernel) / stride) + 1;
      return fill([filters, out(height), out(width)], (filter, row, column) => {
        let sum = bias?.[filter] ?? 0;
        for (let channel = 0; channel < channels; channel++) {
          for (let i = 0; i < kernel; i++) {
            for (let j = 0; j < kernel; j++) {
              sum += at(input, channel, row * stride + i - before, column * stride + j - before) *
                weight![((filter * channels + channel) * kernel + i) * kernel + j]!;
            }
          }
        }
        return sum;
      });
    }
  }
}

function at({ shape, data }: Tensor, channel: number, row: number, column: number): number {
  const [, height, width] = shape as [number, number, number];
  if (row < 0 || column < 0 || row >= height || column >= width) return 0;
  return data[(channel * height + row) * width + column]!;
}

function fill(
  shape: readonly [number, number, number],
  value: (channel: number, row: number, column: number) => number,
): Tensor {
  const [channels, height, width] = shape;
  const data = new Float64Array(channels * height * width);
  let i = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) data[i++] = value(channel, row, column);
    }
  }
  return { shape, data };
}
