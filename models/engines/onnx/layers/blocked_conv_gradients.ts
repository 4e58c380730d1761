import { convPadding } from "../../../layers.ts";
import type { ImageShape } from "../../../network.ts";
import { nchwc, padded, spreadPixels, toBlocked, toPlain } from "../layout.ts";
import { turnedFilter } from "./blocked_filter.ts";
import { sampleMeans } from "./channels.ts";
import type { LayerContext } from "./rule.ts";

/** The gradient of the output, convolved with the turned kernel. */
export function inputGradient(
  { graph, layer, batch, block, inputs, parameters, place }: LayerContext<"conv">,
  gradient: string,
): string {
  const { kernel, filters, stride = 1 } = layer;
  const [before] = convPadding(layer);
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const [, outHeight, outWidth] = place.outputShape as ImageShape;
  const [rows, columns] = [(outHeight - 1) * stride + 1, (outWidth - 1) * stride + 1];
  const out = padded(filters, block);
  // A stride leaves zeros between the pixels of the gradient.
  const spread = stride === 1 ? gradient : graph.reshape(
    spreadPixels(graph, gradient, [batch * out / block, outHeight, outWidth, block], stride),
    batch,
    out,
    rows,
    columns,
  );
  const value = graph.node("Conv", [
    spread,
    turnedFilter(graph, parameters[0]!, [filters, channels, kernel], block),
  ], {
    ...nchwc,
    attributes: {
      kernel_shape: { ints: [kernel, kernel] },
      pads: {
        ints: [
          kernel - 1 - before,
          kernel - 1 - before,
          height + before - rows,
          width + before - columns,
        ],
      },
    },
  });
  const blocked = { value, shape: place.inputShapes[0]!, block };
  return inputs[0]!.block === 1 ? toPlain(graph, blocked) : value;
}

/** The gradient of some of the output's pixels: every `dilation`th from `row` and `column` on. */
export interface GradientPart {
  readonly gradient: string;
  readonly rows: number;
  readonly columns: number;
  readonly row: number;
  readonly column: number;
  readonly dilation: number;
}

/**
 * The input, convolved with the output's gradient as a big kernel. Samples stand in the place of
 * channels, so the batch must be whole blocks; each block of samples is a group, which keeps its
 * part of the big kernel in the processor's cache.
 */
export function weightGradient(
  { graph, layer, batch, block, inputs, place }: LayerContext<"conv">,
  parts: readonly GradientPart[],
): string {
  const { kernel, filters } = layer;
  const [before] = convPadding(layer);
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const out = padded(filters, block);
  const groups = batch / block;
  const bySample = graph.node("ReorderInput", [
    graph.transpose(toPlain(graph, inputs[0]!), 1, 0, 2, 3),
  ], nchwc);
  const sums = parts.map(({ gradient, rows, columns, row, column, dilation }) => {
    const end = (count: number, size: number, at: number) =>
      (count - 1) * dilation + kernel - size - before + at;
    const [top, left] = [before - row, before - column];
    const [bottom, right] = [end(rows, height, row), end(columns, width, column)];
    const framed = graph.pad(
      graph.reshape(bySample, channels * groups, height, width * block),
      [0, top, left * block],
      [0, bottom, right * block],
    );
    const bigKernel = graph.node("ReorderInput", [
      graph.reshape(gradient, groups, block, 1, out * rows * columns),
    ], { ...nchwc, attributes: { channels_last: { int: 1 } } });
    return graph.node("Conv", [
      graph.reshape(framed, channels, batch, height + top + bottom, width + left + right),
      graph.reshape(bigKernel, groups * out, block, rows, columns),
    ], {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [rows, columns] },
        dilations: { ints: [dilation, dilation] },
        group: { int: groups },
      },
    });
  });
  const sum = sums.length === 1 ? sums[0]! : graph.node("Sum", sums);
  const byGroup = graph.reshape(sum, channels, groups, out / block, kernel * kernel, block);
  const byFilter = toPlain(graph, {
    value: graph.reshape(graph.sum(byGroup, 1), channels, out, kernel, kernel),
    shape: [out, kernel, kernel],
    block,
  });
  const canonical = graph.transpose(byFilter, 1, 0, 2, 3);
  return graph.first(canonical, filters, out);
}

/**
 * The weights' gradient of a 1 x 1 kernel: one product of the output's gradient `[out, pixels]` and
 * the input `[pixels, in]`, over the pixels of all samples.
 */
export function pointwiseWeightGradient(
  { graph, layer, batch, block, inputs, place }: LayerContext<"conv">,
  gradient: string,
): string {
  const { filters } = layer;
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const pixels = batch * height * width;
  const shape = [filters, height, width];
  const byFilter = graph.transpose(toPlain(graph, { value: gradient, shape, block }), 1, 0, 2, 3);
  const input = toBlocked(graph, inputs[0]!, block);
  const byPixel = graph.node("ReorderOutput", [input], {
    ...nchwc,
    attributes: { channels: { int: channels }, channels_last: { int: 1 } },
  });
  const product = graph.node("Gemm", [
    graph.reshape(byFilter, filters, pixels),
    graph.reshape(byPixel, pixels, channels),
  ]);
  return graph.reshape(product, filters, channels, 1, 1);
}

/** The sum of the gradient over samples and pixels, of which there are `pixels` in each image. */
export function biasGradient(
  { graph, layer, batch, block }: LayerContext<"conv">,
  gradient: string,
  pixels: number,
): string {
  const out = padded(layer.filters, block);
  const means = sampleMeans(graph, batch, { value: gradient, shape: [layer.filters], block });
  const sums = graph.sum(means, 0);
  return graph.first(graph.node("Mul", [sums, graph.float(pixels)]), layer.filters, out);
}
