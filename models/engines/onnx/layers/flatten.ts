import { toBlocked, toPlain } from "../layout.ts";
import type { Rule } from "./rule.ts";

/** `y = x`, in another shape. `dL/dx = dL/dy`, in the shape of x. */
export const flatten: Rule<"flatten"> = ({ graph, batch, inputs, place }) => {
  const { shape, block } = inputs[0]!;
  const value = graph.reshape(toPlain(graph, inputs[0]!), batch, ...place.outputShape);
  return {
    output: { value, shape: place.outputShape, block: 1 },
    backward: (gradient) => {
      const plain = graph.reshape(gradient, batch, ...shape);
      return {
        inputs: [toBlocked(graph, { value: plain, shape, block: 1 }, block)],
        parameters: [],
      };
    },
  };
};
