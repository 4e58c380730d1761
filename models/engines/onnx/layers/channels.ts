import type { ImageShape } from "../../../shape.ts";
import type { Graph } from "../graph.ts";
import { type Activation, nchwc, padded } from "../layout.ts";

/** A vector with one number for each channel, padded with zeros to whole blocks. */
export function channelVector(
  graph: Graph,
  vector: string,
  { shape, block }: Activation,
): string {
  return graph.pad(vector, [0], [padded(shape[0]!, block) - shape[0]!]);
}

/** The mean of each channel of each sample, `[batch, channels]` in whole blocks. */
export function sampleMeans(
  graph: Graph,
  batch: number,
  { value, shape, block }: Activation,
): string {
  const means = graph.node("GlobalAveragePool", [value], block > 1 ? nchwc : {});
  return graph.reshape(means, batch, padded(shape[0]!, block));
}

/** The mean of each channel over the batch, a vector in whole blocks. */
export function channelMeans(graph: Graph, batch: number, activation: Activation): string {
  return graph.node("ReduceMean", [sampleMeans(graph, batch, activation)], {
    attributes: { axes: { ints: [0] }, keepdims: { int: 0 } },
  });
}

/** What {@linkcode scaleChannels} adds after scaling. */
export interface ScaleOptions {
  /** A vector with a number for each channel. */
  readonly shift?: string;
  /** A value of the same shape and layout. */
  readonly plus?: string;
  /** Whether a ReLU comes last. */
  readonly relu?: boolean;
}

/**
 * Scales each channel. In the blocked layout one depth-wise convolution of 1 x 1 does all; elsewhere
 * a normalisation by mean 0 and variance 1 scales and shifts in one pass.
 */
export function scaleChannels(
  graph: Graph,
  { value, shape, block }: Activation,
  scale: string,
  { shift, plus, relu = false }: ScaleOptions = {},
): string {
  const [channels] = shape as ImageShape;
  if (block > 1) {
    const size = padded(channels, block);
    const filter = graph.reshape(scale, size, 1, 1, 1);
    return graph.node("Conv", [value, filter, shift ?? "", ...(plus ? [plus] : [])], {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [1, 1] },
        group: { int: size },
        ...(relu ? { activation: { text: "Relu" } } : {}),
      },
    });
  }
  const scaled = shift
    ? graph.node("BatchNormalization", [
      value,
      scale,
      shift,
      graph.filled(channels, 0),
      graph.filled(channels, 1),
    ], { attributes: { epsilon: { float: 0 } } })
    : graph.node("Mul", [value, graph.reshape(scale, channels, 1, 1)]);
  const sum = plus ? graph.node("Add", [scaled, plus]) : scaled;
  return relu ? graph.node("Relu", [sum]) : sum;
}
