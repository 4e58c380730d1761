import type { ImageShape } from "../../../network.ts";
import type { Graph } from "../graph.ts";
import { blockedShape, toBlocked, toPlain } from "../layout.ts";
import { pairwiseMaximum } from "./pair.ts";
import type { LayerContext, Rule } from "./rule.ts";

/** The maximum of each window; its gradient goes to the first place that holds the maximum. */
export const maxPool: Rule<"max_pool"> = (context) =>
  context.fusion === "done"
    ? passOn(context)
    : context.layer.size === 2
    ? pairwise(context)
    : indexed(context);

/** The convolution before has done it already. */
const passOn: Rule<"max_pool"> = ({ inputs }) => ({
  output: inputs[0]!,
  backward: (gradient) => ({ inputs: [gradient], parameters: [] }),
});

/**
 * 2 x 2 windows as two maxima of pairs, first of columns, then of rows: several times faster than
 * the operator that gives indices, and the same in every layout.
 */
const pairwise: Rule<"max_pool"> = ({ graph, batch, inputs, place }) => {
  const { value, shape, block } = inputs[0]!;
  const [channels, height, width] = blockedShape(shape as ImageShape, block) as ImageShape;
  const [, rows, columns] = place.outputShape as ImageShape;
  const planes = batch * channels / block;
  const odd = height % 2 + width % 2 > 0;
  const even = odd
    ? graph.slice(
      graph.reshape(value, planes, height, width * block),
      [1, 2],
      [0, 0],
      [2 * rows, 2 * columns * block],
    )
    : value;
  const byColumn = neighbours(graph, even, [planes * rows * 2, columns, 2, block]);
  const byRow = neighbours(graph, byColumn.value, [planes, rows, 2, columns * block]);
  return {
    output: {
      value: graph.reshape(byRow.value, batch, channels, rows, columns),
      shape: place.outputShape,
      block,
    },
    backward: (gradient) => {
      const toRows = byRow.backward(graph.reshape(gradient, planes, rows, 1, columns * block));
      const toColumns = byColumn.backward(
        graph.reshape(toRows, planes * rows * 2, columns, 1, block),
      );
      const uncut = odd
        ? graph.pad(
          graph.reshape(toColumns, planes, rows * 2, columns * 2 * block),
          [0, 0, 0],
          [0, height % 2, width % 2 * block],
        )
        : toColumns;
      return { inputs: [graph.reshape(uncut, batch, channels, height, width)], parameters: [] };
    },
  };
};

/** The maximum of the two along axis 2 of `shape`. */
function neighbours(graph: Graph, value: string, shape: readonly number[]) {
  const [first, second] = graph.nodes("Split", [graph.reshape(value, ...shape)], 2, {
    attributes: { axis: { int: 2 } },
  });
  const maximum = pairwiseMaximum(graph, first!, second!);
  return {
    value: maximum.value,
    backward: (gradient: string) => graph.concat(2, ...maximum.backward(gradient)),
  };
}

/** Windows of any size, by the indices of the maxima. */
function indexed({ graph, layer, batch, inputs, place }: LayerContext<"max_pool">) {
  const input = inputs[0]!;
  const window = {
    kernel_shape: { ints: [layer.size, layer.size] },
    strides: { ints: [layer.size, layer.size] },
  };
  const [output, indices] = graph.nodes("MaxPool", [toPlain(graph, input)], 2, {
    attributes: window,
  });
  return {
    output: { value: output!, shape: place.outputShape, block: 1 },
    backward: (gradient: string) => {
      const plain = graph.node("MaxUnpool", [
        gradient,
        indices!,
        graph.ints(batch, ...input.shape),
      ], { attributes: window });
      return {
        inputs: [toBlocked(graph, { value: plain, shape: input.shape, block: 1 }, input.block)],
        parameters: [],
      };
    },
  };
}
