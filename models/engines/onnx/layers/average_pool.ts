import type { ImageShape } from "../../../shape.ts";
import type { Graph } from "../graph.ts";
import { blockedShape, nchwc, padded, weavePixels } from "../layout.ts";
import { sampleMeans } from "./channels.ts";
import type { Rule } from "./rule.ts";

/**
 * The mean of each window of n = size^2 pixels. `dL/dx = dL/dy / n` in all pixels of the window, 0 in
 * those left over.
 */
export const averagePool: Rule<"average_pool"> = ({ graph, layer, batch, inputs, place }) => {
  const { size } = layer;
  const { value, shape, block } = inputs[0]!;
  const [channels, height, width] = blockedShape(shape as ImageShape, block) as ImageShape;
  const [, rows, columns] = place.outputShape as ImageShape;
  const planes = batch * channels / block;
  const output = graph.node("AveragePool", [value], {
    ...(block > 1 ? nchwc : {}),
    attributes: { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } },
  });
  return {
    output: { value: output, shape: place.outputShape, block },
    backward: (gradient) => {
      const pixel = share(graph, gradient, size * size);
      const window = Array<string[]>(size).fill(Array<string>(size).fill(pixel));
      const framed = graph.pad(
        weavePixels(graph, window, [planes, rows, columns, block]),
        [0, 0, 0],
        [0, height - rows * size, (width - columns * size) * block],
      );
      return { inputs: [graph.reshape(framed, batch, channels, height, width)], parameters: [] };
    },
  };
};

/** The mean of each channel of n pixels. `dL/dx = dL/dy / n` in all of them. */
export const globalAveragePool: Rule<"global_average_pool"> = (
  { graph, batch, inputs, place },
) => {
  const { shape, block } = inputs[0]!;
  const [channels, height, width] = shape as ImageShape;
  const whole = padded(channels, block);
  const means = sampleMeans(graph, batch, inputs[0]!);
  const value = whole === channels ? means : graph.slice(means, [1], [0], [channels]);
  return {
    output: { value, shape: place.outputShape, block: 1 },
    backward: (gradient) => {
      const blocks = graph.reshape(
        graph.pad(share(graph, gradient, height * width), [0, 0], [0, whole - channels]),
        batch,
        whole / block,
        1,
        block,
      );
      const shape = graph.ints(batch, whole / block, height * width, block);
      const pixels = graph.node("Expand", [blocks, shape]);
      return { inputs: [graph.reshape(pixels, batch, whole, height, width)], parameters: [] };
    },
  };
};

function share(graph: Graph, gradient: string, count: number): string {
  return graph.node("Mul", [gradient, graph.float(1 / count)]);
}
