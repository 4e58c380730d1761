import type { Rule } from "./rule.ts";

/** `y = x W + b`. `dL/dx = dL/dy W^T`, `dL/dW = x^T dL/dy`, `dL/db` the batch's sum of dL/dy. */
export const dense: Rule<"dense"> = ({ graph, place, inputs, parameters }) => {
  const x = inputs[0]!.value;
  const [weight, bias] = [parameters[0]!, parameters[1]!];
  return {
    output: {
      value: graph.node("Gemm", [x, weight, bias]),
      shape: place.outputShape,
      block: 1,
    },
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
