import type { PlacedLayer } from "../../../network.ts";
import type { Graph } from "../graph.ts";

/** What a layer's rule works on. Values are named; a batch axis stands before each shape. */
export interface LayerContext<Kind extends PlacedLayer["layer"]["kind"]> {
  readonly graph: Graph;
  readonly layer: Extract<PlacedLayer["layer"], { kind: Kind }>;
  readonly place: PlacedLayer;
  readonly batch: number;
  /** The values of the layers read. */
  readonly inputs: readonly string[];
  /** The values of the layer's parameters. */
  readonly parameters: readonly string[];
}

/** The gradient of the loss by what a layer reads. */
export interface Gradients {
  readonly inputs: readonly string[];
  readonly parameters: readonly string[];
}

/** A layer's output and the rule that takes its gradient back. */
export interface Forward {
  readonly output: string;
  /**
   * Adds the nodes of the gradients.
   *
   * @param gradient Of the loss by the output.
   * @param wantInputs Whether anything before the layer is trained; if not, `inputs` may be empty.
   */
  backward(gradient: string, wantInputs: boolean): Gradients;
}

/** Adds the nodes of a layer to the graph. */
export type Rule<Kind extends PlacedLayer["layer"]["kind"]> = (
  context: LayerContext<Kind>,
) => Forward;
