import { toBlocked } from "../layout.ts";
import type { Rule } from "./rule.ts";

/** The name of the input that says what a dropout layer keeps. */
export function keptInput(layer: string): string {
  return `${layer}.kept`;
}

/** In training, `y = m x` with an input m of zeros and `1 / (1 - rate)`. `dL/dx = m dL/dy`. */
export const dropout: Rule<"dropout"> = ({ graph, layer, batch, inputs, training }) => {
  const input = inputs[0]!;
  if (!training) {
    return {
      output: input,
      backward: (gradient) => ({ inputs: [gradient], parameters: [] }),
    };
  }
  const { shape, block } = input;
  const plain = graph.input(keptInput(layer.name), [batch, ...shape]);
  const kept = toBlocked(graph, { value: plain, shape, block: 1 }, block);
  return {
    output: { ...input, value: graph.node("Mul", [input.value, kept]) },
    backward: (gradient) => ({
      inputs: [graph.node("Mul", [gradient, kept])],
      parameters: [],
    }),
  };
};
