import { convPadding } from "../../../layers/conv.ts";
import type { ImageShape } from "../../../shape.ts";
import { nchwc, padded, toBlocked, toPlain, weavePixels } from "../layout.ts";
import { turnedFilter } from "./blocked_filter.ts";
import { sampleMeans } from "./channels.ts";
import type { LayerContext } from "./rule.ts";

/**
 * `dL/dx[c, q] = sum over o, and over k and p with s p + k - a = q, of W[o, c, k] dL/dy[o, p]`, in the
 * letters of {@linkcode conv}: the gradient of the output, convolved with the turned kernel. Where
 * the convolution has a stride, the place of an input pixel decides which of the kernel's taps read
 * it: the pixels of each place are convolved with their taps, and woven together.
 */
export function inputGradient(context: LayerContext<"conv">, gradient: string): string {
  const { graph, layer, batch, block, inputs, parameters, place } = context;
  const { kernel, filters, stride = 1 } = layer;
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const [into, out] = [padded(channels, block), padded(filters, block)];
  const turned = turnedFilter(graph, parameters[0]!, [filters, channels, kernel], block);
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];

  const pixels = (row: number, column: number): string => {
    const [vertical, horizontal] = [tapsAt(context, row, 1), tapsAt(context, column, 2)];
    if (vertical.count * horizontal.count === 0) {
      return graph.node("Expand", [graph.float(0), graph.ints(batch, into, rows, columns)]);
    }
    const filter = stride === 1 ? turned : graph.reshape(
      graph.slice(
        graph.reshape(turned, into * out / block ** 2, kernel, kernel, block ** 2),
        [1, 2],
        [vertical.first, horizontal.first],
        [kernel, kernel],
        stride,
      ),
      into,
      out,
      vertical.count,
      horizontal.count,
    );
    return graph.node("Conv", [
      withoutFirst(context, gradient, vertical.skipped, horizontal.skipped),
      filter,
    ], {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [vertical.count, horizontal.count] },
        pads: { ints: [vertical.before, horizontal.before, vertical.after, horizontal.after] },
      },
    });
  };

  const places = Array.from({ length: stride }, (_, at) => at);
  const woven = stride === 1 ? pixels(0, 0) : graph.reshape(
    graph.pad(
      weavePixels(
        graph,
        places.map((row) => places.map((column) => pixels(row, column))),
        [batch * into / block, rows, columns, block],
      ),
      [0, 0, 0],
      [0, height - rows * stride, (width - columns * stride) * block],
    ),
    batch,
    into,
    height,
    width,
  );
  const blocked = { value: woven, shape: place.inputShapes[0]!, block };
  return inputs[0]!.block === 1 ? toPlain(graph, blocked) : woven;
}

/**
 * The taps of the turned kernel, every `stride`th from `first` on, that read the input's pixels
 * `at`, `at + stride`, ... along an axis; how many of the output's first pixels they skip, and the
 * zeros around the others.
 */
function tapsAt({ layer, place }: LayerContext<"conv">, at: number, axis: 1 | 2) {
  const { kernel, stride = 1 } = layer;
  const [paddingBefore] = convPadding(layer);
  const pixels = Math.ceil((place.inputShapes[0] as ImageShape)[axis] / stride);
  const outputs = (place.outputShape as ImageShape)[axis];
  const lowest = (at + paddingBefore) % stride;
  const count = Math.max(0, Math.ceil((kernel - lowest) / stride));
  const highest = lowest + (count - 1) * stride;
  const before = (highest - at - paddingBefore) / stride;
  return {
    first: kernel - 1 - highest,
    count,
    skipped: Math.max(0, -before),
    before: Math.max(0, before),
    after: pixels + count - 1 - outputs - before,
  };
}

/** The output's gradient without its first rows and columns. */
function withoutFirst(
  { graph, layer, batch, block, place }: LayerContext<"conv">,
  gradient: string,
  rows: number,
  columns: number,
): string {
  if (rows + columns === 0) return gradient;
  const [, height, width] = place.outputShape as ImageShape;
  const out = padded(layer.filters, block);
  const kept = graph.slice(
    graph.reshape(gradient, batch * out / block, height, width * block),
    [1, 2],
    [rows, columns * block],
    [height, width * block],
  );
  return graph.reshape(kept, batch, out, height - rows, width - columns);
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
 * `dL/dW[o, c, k] = sum over samples and p of dL/dy[o, p] x[c, s p + k - a]`: the input, convolved
 * with the output's gradient as a big kernel. Samples stand in the place of channels, so the batch
 * must be whole blocks; each block of samples is a group, which keeps its part of the big kernel in
 * the processor's cache.
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
 * The weights' gradient of a 1 x 1 kernel, `dL/dW = dL/dy x^T`: one product of the output's gradient
 * `[out, pixels]` and the input `[pixels, in]`, over the pixels of all samples.
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

/**
 * `dL/db[o] = sum over samples and p of dL/dy[o, p]`.
 *
 * @param pixels How many there are in each image.
 */
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
