import { toPlain } from "../layout.ts";
import { fromPlain } from "../layout.ts";
import type { ImageShape } from "../../../network.ts";
import type { Rule } from "./rule.ts";

/** Another shape of the same numbers, both ways. */
export const flatten: Rule<"flatten"> = ({ graph, batch, inputs, place }) => {
  const input = inputs[0]!;
  const shape = input.shape as ImageShape;
  const value = graph.reshape(toPlain(graph, input), batch, ...place.outputShape);
  return {
    output: { value, shape: place.outputShape, block: 1 },
    backward: (gradient) => ({
      inputs: [
        fromPlain(graph, graph.reshape(gradient, batch, ...shape), shape, input.block),
      ],
      parameters: [],
    }),
  };
};
