import type { ImageShape } from "../../../network.ts";
import type { Graph } from "../graph.ts";
import { nchwc, padded } from "../layout.ts";
import type { Activation } from "./rule.ts";

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

/** Mean and variance of each channel over the batch, vectors of its channels alone. */
export interface Moments {
  readonly mean: string;
  readonly variance: string;
}

/**
 * Computes moments once for each channel, however many layers read it: those of joined activations
 * are those of their parts.
 */
export class ChannelMoments {
  readonly #graph: Graph;
  readonly #batch: number;
  readonly #known = new Map<string, Moments>();
  readonly #parts = new Map<string, readonly Activation[]>();

  constructor(graph: Graph, batch: number) {
    this.#graph = graph;
    this.#batch = batch;
  }

  /** Says that the channels of `value` are those of `parts`, one after another. */
  join(value: string, parts: readonly Activation[]): void {
    this.#parts.set(value, parts);
  }

  /** The moments of an activation. */
  of(activation: Activation): Moments {
    const { value } = activation;
    const known = this.#known.get(value);
    if (known) return known;
    const parts = this.#parts.get(value)?.map((part) => this.of(part));
    const moments = parts
      ? {
        mean: this.#graph.concat(0, ...parts.map(({ mean }) => mean)),
        variance: this.#graph.concat(0, ...parts.map(({ variance }) => variance)),
      }
      : this.#compute(activation);
    this.#known.set(value, moments);
    return moments;
  }

  #compute(activation: Activation): Moments {
    const [graph, batch] = [this.#graph, this.#batch];
    const [channels, { block }] = [activation.shape[0]!, activation];
    const mean = channelMeans(graph, batch, activation);
    const ones = channelVector(graph, graph.filled(channels, 1), activation);
    const shift = graph.node("Neg", [mean]);
    const centred = scaleChannels(graph, activation, ones, { shift });
    const variance = channelMeans(graph, batch, {
      ...activation,
      value: graph.node("Mul", [centred, centred]),
    });
    const whole = padded(channels, block);
    return {
      mean: graph.first(mean, channels, whole),
      variance: graph.first(variance, channels, whole),
    };
  }
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
