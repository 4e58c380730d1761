import type { Rule } from "./rule.ts";

/** `y = max(x, 0)`; `dx = dy sign(y)`, as y is never negative. */
export const relu: Rule<"relu"> = ({ graph, inputs }) => {
  const output = graph.node("Relu", inputs);
  return {
    output,
    backward: (gradient) => ({
      inputs: [graph.node("Mul", [gradient, graph.node("Sign", [output])])],
      parameters: [],
    }),
  };
};
