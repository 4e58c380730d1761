import type { ImageShape } from "../../../shape.ts";
import { blockedShape, padded, spreadPixels, toBlocked } from "../layout.ts";
import type { Rule } from "./rule.ts";

/** `y = x1 + x2 + ...`. `dL/dxi = dL/dy` for each of the inputs. */
export const add: Rule<"add"> = ({ graph, inputs }) => {
  const { shape, block } = inputs[0]!;
  const [first, ...others] = inputs.map((input) => toBlocked(graph, input, block));
  const value = others.reduce((sum, other) => graph.node("Add", [sum, other]), first!);
  return {
    output: { value, shape, block },
    backward: (gradient) => ({
      inputs: inputs.map((input) =>
        toBlocked(graph, { value: gradient, shape, block }, input.block)
      ),
      parameters: [],
    }),
  };
};

/** The channels of the inputs one after another. `dL/dxi` is dL/dy in the channels of xi. */
export const concat: Rule<"concat"> = ({ graph, inputs, place, moments }) => {
  // Blocks can be joined only where no input ends within one.
  const { block } = inputs[0]!;
  const together = inputs.every((input) => input.block === block && input.shape[0]! % block === 0)
    ? block
    : 1;
  const value = graph.concat(1, ...inputs.map((input) => toBlocked(graph, input, together)));
  moments.join(value, inputs);
  const channels = inputs.map(({ shape }) => shape[0]!);
  return {
    output: { value, shape: place.outputShape, block: together },
    backward: (gradient) => {
      let start = 0;
      const parts = inputs.map(({ shape, block }, index) => {
        const end = start + channels[index]!;
        const part = graph.slice(gradient, [1], [start], [end]);
        start = end;
        return toBlocked(graph, { value: part, shape, block: together }, block);
      });
      return { inputs: parts, parameters: [] };
    },
  };
};

/**
 * `y[c, i, j] = x[c, stride i, stride j]`, and zeros in new channels.
 * `dL/dx[c, stride i, stride j] = dL/dy[c, i, j]`, and 0 in all other pixels.
 */
export const shortcut: Rule<"shortcut"> = ({ graph, layer, batch, inputs, place }) => {
  const { value, shape, block } = inputs[0]!;
  const { stride } = layer;
  const [channels, height, width] = blockedShape(shape as ImageShape, block) as ImageShape;
  const [filters, rows, columns] = place.outputShape as ImageShape;
  const missing = padded(filters, block) - channels;
  const planes = batch * channels / block;
  const pixels = graph.slice(
    graph.reshape(value, planes, height, width, block),
    [1, 2],
    [0, 0],
    [height, width],
    stride,
  );
  const image = graph.reshape(pixels, batch, channels, rows, columns);
  return {
    output: {
      value: graph.pad(image, [0, 0, 0, 0], [0, missing, 0, 0]),
      shape: place.outputShape,
      block,
    },
    backward: (gradient) => {
      const own = graph.slice(gradient, [1], [0], [channels]);
      const spread = spreadPixels(graph, own, [planes, rows, columns, block], stride);
      const [right, bottom] = [(columns - 1) * stride + 1, (rows - 1) * stride + 1];
      const framed = graph.pad(spread, [0, 0, 0, 0], [0, height - bottom, width - right, 0]);
      return { inputs: [graph.reshape(framed, batch, channels, height, width)], parameters: [] };
    },
  };
};
