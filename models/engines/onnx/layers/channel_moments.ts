import type { Graph } from "../graph.ts";
import { type Activation, padded } from "../layout.ts";
import { channelMeans, channelVector, scaleChannels } from "./channels.ts";

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
    const channels = activation.shape[0]!;
    const mean = channelMeans(graph, batch, activation);
    const ones = channelVector(graph, graph.filled(channels, 1), activation);
    const shift = graph.node("Neg", [mean]);
    const centred = scaleChannels(graph, activation, ones, { shift });
    const variance = channelMeans(graph, batch, {
      ...activation,
      value: graph.node("Mul", [centred, centred]),
    });
    const whole = padded(channels, activation.block);
    return {
      mean: graph.first(mean, channels, whole),
      variance: graph.first(variance, channels, whole),
    };
  }
}
