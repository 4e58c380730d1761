import type { ImageShape } from "../../../shape.ts";
import type { Graph } from "../graph.ts";
import { blockedShape, nchwc } from "../layout.ts";
import { pairwiseMaximum } from "./pair.ts";
import type { Rule } from "./rule.ts";

/**
 * The maximum of each window. `dL/dx = dL/dy [x is the first of the window, row by row, that is the
 * maximum]`, and 0 in what is left over at the edge.
 */
export const maxPool: Rule<"max_pool"> = (context) => {
  if (context.fusion === "done") return passOn(context);
  return context.gradients ? pairwise(context) : operator(context);
};

/** One operator, where no gradient is wanted. */
const operator: Rule<"max_pool"> = ({ graph, layer: { size }, inputs, place }) => {
  const { value, block } = inputs[0]!;
  const window = { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } };
  const output = graph.node("MaxPool", [value], {
    ...(block > 1 ? nchwc : {}),
    attributes: window,
  });
  return {
    output: { value: output, shape: place.outputShape, block },
    backward: () => {
      throw new TypeError("Cannot take a gradient through an evaluation");
    },
  };
};

/** The convolution before has done it already: `y = x`, and `dL/dx = dL/dy`. */
const passOn: Rule<"max_pool"> = ({ inputs }) => ({
  output: inputs[0]!,
  backward: (gradient) => ({ inputs: [gradient], parameters: [] }),
});

/**
 * Windows as maxima of pairs, first of columns, then of rows: several times faster than the operator
 * that gives indices, the same in every layout, and without an operator that only a CPU has.
 */
const pairwise: Rule<"max_pool"> = ({ graph, layer: { size }, batch, inputs, place }) => {
  const { value, shape, block } = inputs[0]!;
  const [channels, height, width] = blockedShape(shape as ImageShape, block) as ImageShape;
  const [, rows, columns] = place.outputShape as ImageShape;
  const planes = batch * channels / block;
  const [leftRows, leftColumns] = [height % size, width % size];
  const cut = leftRows + leftColumns > 0;
  const whole = cut
    ? graph.slice(
      graph.reshape(value, planes, height, width * block),
      [1, 2],
      [0, 0],
      [size * rows, size * columns * block],
    )
    : value;
  const byColumn = neighbours(graph, whole, [planes * rows * size, columns, size, block]);
  const byRow = neighbours(graph, byColumn.value, [planes, rows, size, columns * block]);
  return {
    output: {
      value: graph.reshape(byRow.value, batch, channels, rows, columns),
      shape: place.outputShape,
      block,
    },
    backward: (gradient) => {
      const toRows = byRow.backward(graph.reshape(gradient, planes, rows, 1, columns * block));
      const toColumns = byColumn.backward(
        graph.reshape(toRows, planes * rows * size, columns, 1, block),
      );
      const uncut = cut
        ? graph.pad(
          graph.reshape(toColumns, planes, rows * size, columns * size * block),
          [0, 0, 0],
          [0, leftRows, leftColumns * block],
        )
        : toColumns;
      return { inputs: [graph.reshape(uncut, batch, channels, height, width)], parameters: [] };
    },
  };
};

/** The maximum along axis 2 of `shape`. */
function neighbours(graph: Graph, value: string, shape: readonly number[]) {
  const [first, ...others] = graph.nodes("Split", [graph.reshape(value, ...shape)], shape[2]!, {
    attributes: { axis: { int: 2 } },
  });
  let highest = first!;
  const maxima = others.map((other) => {
    const maximum = pairwiseMaximum(graph, highest, other);
    highest = maximum.value;
    return maximum;
  });
  return {
    value: highest,
    backward: (gradient: string) => {
      let toHighest = gradient;
      const toOthers = maxima.toReversed().map((maximum) => {
        const [toFirst, toSecond] = maximum.backward(toHighest);
        toHighest = toFirst;
        return toSecond;
      });
      return graph.concat(2, toHighest, ...toOthers.toReversed());
    },
  };
}
