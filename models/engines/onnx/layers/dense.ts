import type { Rule } from "./rule.ts";

/** `y = x W + b`; `dx = dy W^T`, `dW = x^T dy`, `db` the sum of dy over the batch. */
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
