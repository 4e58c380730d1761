import type { Rule } from "./rule.ts";
import { step } from "./step.ts";

/** `y = max(x, 0)`; `dL/dx = dL/dy [y > 0]`. A convolution before may have applied it already. */
export const relu: Rule<"relu"> = ({ graph, inputs, fusion }) => {
  const input = inputs[0]!;
  const value = fusion === "done" ? input.value : graph.node("Relu", [input.value]);
  return {
    output: { ...input, value },
    backward: (gradient) => ({
      inputs: [graph.node("Mul", [gradient, step(graph, value, 0)])],
      parameters: [],
    }),
  };
};
