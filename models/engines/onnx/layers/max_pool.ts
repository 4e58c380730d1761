import type { Rule } from "./rule.ts";

/** The maximum of each window; its gradient goes to the first place that holds the maximum. */
export const maxPool: Rule<"max_pool"> = ({ graph, layer, batch, inputs, place }) => {
  const window = {
    kernel_shape: { ints: [layer.size, layer.size] },
    strides: { ints: [layer.size, layer.size] },
  };
  const [output, indices] = graph.nodes("MaxPool", inputs, 2, { attributes: window });
  return {
    output: output!,
    backward: (gradient) => ({
      inputs: [
        graph.node("MaxUnpool", [
          gradient,
          indices!,
          graph.ints(batch, ...place.inputShapes[0]!),
        ], { attributes: window }),
      ],
      parameters: [],
    }),
  };
};
