import { convPadding, type Layer, type Network, placeLayers } from "../../models/network.ts";

/** An activation of one image: `[channels, height, width]` or `[features]`, row-major. */
interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Parameter values by name. */
export type Values = ReadonlyMap<string, Float64Array>;

/** Mean softmax cross-entropy of a batch, written out in 64-bit arithmetic, loop by loop. */
export function referenceLoss(
  network: Network,
  values: Values,
  images: Float32Array,
  labels: Uint8Array,
): number {
  const size = images.length / labels.length;
  let loss = 0;
  for (const [sample, label] of labels.entries()) {
    const image = Float64Array.from(images.subarray(sample * size, (sample + 1) * size));
    const logits = referenceLogits(network, values, image);
    const highest = Math.max(...logits);
    const sum = logits.reduce((sum, z) => sum + Math.exp(z - highest), 0);
    loss += highest + Math.log(sum) - logits[label]!;
  }
  return loss / labels.length;
}

/** The logits of one image. */
export function referenceLogits(
  network: Network,
  values: Values,
  image: Float64Array,
): Float64Array {
  const outputs = new Map<string, Tensor>([["input", { shape: network.input, data: image }]]);
  let last: Tensor = outputs.get("input")!;
  for (const { layer, inputs } of placeLayers(network)) {
    last = apply(layer, inputs.map((name) => outputs.get(name)!), values);
    outputs.set(layer.name, last);
  }
  return last.data;
}

/** The gradient of the loss by each parameter, by central differences. */
export function referenceGradients(
  network: Network,
  values: Values,
  images: Float32Array,
  labels: Uint8Array,
): Map<string, Float64Array> {
  const step = 1e-5;
  const gradients = new Map<string, Float64Array>();
  for (const [name, parameter] of values) {
    gradients.set(
      name,
      parameter.map((value, i) => {
        parameter[i] = value + step;
        const above = referenceLoss(network, values, images, labels);
        parameter[i] = value - step;
        const below = referenceLoss(network, values, images, labels);
        parameter[i] = value;
        return (above - below) / (2 * step);
      }),
    );
  }
  return gradients;
}

function apply(layer: Layer, inputs: readonly Tensor[], values: Values): Tensor {
  const input = inputs[0]!;
  const weight = values.get(`${layer.name}.weight`);
  const bias = values.get(`${layer.name}.bias`);
  switch (layer.kind) {
    case "relu":
      return { shape: input.shape, data: input.data.map((x) => Math.max(x, 0)) };
    case "flatten":
      return { shape: [input.data.length], data: input.data };
    case "dense": {
      const data = Float64Array.from(bias!);
      for (const [i, x] of input.data.entries()) {
        for (let j = 0; j < layer.units; j++) data[j]! += x * weight![i * layer.units + j]!;
      }
      return { shape: [layer.units], data };
    }
    case "max_pool": {
      const [, height, width] = input.shape as [number, number, number];
      const { size } = layer;
      return fill(
        [input.shape[0]!, Math.floor(height / size), Math.floor(width / size)],
        (channel, row, column) => {
          let highest = -Infinity;
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              highest = Math.max(highest, at(input, channel, row * size + i, column * size + j));
            }
          }
          return highest;
        },
      );
    }
    case "conv": {
      const [channels, height, width] = input.shape as [number, number, number];
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
