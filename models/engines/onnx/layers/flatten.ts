import type { Rule } from "./rule.ts";

/** Another shape of the same numbers, both ways. */
export const flatten: Rule<"flatten"> = ({ graph, batch, inputs, place }) => ({
  output: graph.reshape(inputs[0]!, batch, ...place.outputShape),
  backward: (gradient) => ({
    inputs: [graph.reshape(gradient, batch, ...place.inputShapes[0]!)],
    parameters: [],
  }),
});
