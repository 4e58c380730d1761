import type { Rule } from "./rule.ts";

/** `y = x W + b`; `dx = dy W^T`, `dW = x^T dy`, `db` the sum of dy over the batch. */
export const dense: Rule<"dense"> = ({ graph, inputs, parameters }) => {
  const [x, weight, bias] = [inputs[0]!, parameters[0]!, parameters[1]!];
  return {
    output: graph.node("Gemm", [x, weight, bias]),
    backward: (gradient, wantInputs) => ({
      inputs: wantInputs
        ? [graph.node("Gemm", [gradient, weight], { attributes: { transB: { int: 1 } } })]
        : [],
      parameters: [
        graph.node("Gemm", [x, gradient], { attributes: { transA: { int: 1 } } }),
        graph.sum(gradient, 0),
      ],
    }),
  };
};
