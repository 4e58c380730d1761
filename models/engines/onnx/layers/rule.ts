import type { Layer, LayerOf } from "../../../layers.ts";
import type { PlacedLayer } from "../../../network.ts";
import type { Graph } from "../graph.ts";
import type { Activation } from "../layout.ts";
import type { ChannelMoments } from "./channel_moments.ts";

/** Every kind of layer. */
export type Kind = Layer["kind"];

/**
 * How a layer shares work with its neighbour: a convolution or batch normalisation may compute the
 * ReLU that alone reads it, and a convolution the max pooling, which then is `done` and passes values
 * on.
 */
export type Fusion = "none" | "with_relu" | "with_pool" | "done";

/** What a layer's rule works on. */
export interface LayerContext<K extends Kind> {
  readonly graph: Graph;
  readonly layer: LayerOf<K>;
  readonly place: PlacedLayer;
  readonly batch: number;
  /** Channels of a block where this processor has blocked convolutions, else 1. */
  readonly block: number;
  readonly fusion: Fusion;
  readonly inputs: readonly Activation[];
  /** Whether values are dropped, and normalised by their batch. */
  readonly training: boolean;
  /** Whether gradients are taken back; if not, `backward` is not called. */
  readonly gradients: boolean;
  /** Of the batch, for what is normalised by them. */
  readonly moments: ChannelMoments;
  /** The values of the layer's parameters, in canonical layout. */
  readonly parameters: readonly string[];
}

/**
 * The gradients of the loss by what a layer reads, in the layouts of what it reads. Each rule states
 * its formulas: L is the loss, x what the layer reads, y what it gives, and `[condition]` is 1 or 0.
 */
export interface Gradients {
  readonly inputs: readonly string[];
  /** Whether `inputs` hold what {@linkcode Forward.backward} got as `others`, too. Default false. */
  readonly added?: boolean;
  /** Of the trained parameters only, in canonical layout. */
  readonly parameters: readonly string[];
}

/** A parameter that the forward pass itself changes, and its new value. */
export interface ParameterUpdate {
  readonly parameter: string;
  readonly value: string;
}

/** A layer's output and the rule that takes its gradient back. */
export interface Forward {
  readonly output: Activation;
  readonly updates?: readonly ParameterUpdate[];
  /**
   * Adds the nodes of the gradients.
   *
   * @param gradient Of the loss by the output, in the output's layout.
   * @param wantInputs Whether anything before the layer is trained; if not, `inputs` may be empty.
   * @param others The gradients that each input has from other layers, where it has any: a rule may
   * add them at no cost.
   */
  backward(
    gradient: string,
    wantInputs: boolean,
    others: readonly (string | undefined)[],
  ): Gradients;
}

/** Adds the nodes of a layer to the graph. */
export type Rule<K extends Kind> = (context: LayerContext<K>) => Forward;
