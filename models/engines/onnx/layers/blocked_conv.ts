import { convPadding, type ImageShape } from "../../../network.ts";
import type { Graph } from "../graph.ts";
import { fromPlain, padded, toPlain } from "../layout.ts";
import type { Rule } from "./rule.ts";

const nchwc = { domain: "com.microsoft.nchwc" } as const;

/**
 * A convolution with ONNX Runtime's own blocked operators, about twice as fast as the standard
 * one. All three products are blocked convolutions:
 *
 * - the input's gradient convolves the output's gradient with the turned kernel;
 * - the weights' gradient convolves the input with the output's gradient as a big kernel, with
 *   samples in the place of channels, so the batch must be whole blocks. Each block of samples is
 *   a group, which keeps its part of the big kernel in the processor's cache.
 */
export const blockedConv: Rule<"conv"> = (
  { graph, layer, batch, block, inputs, parameters, place, fuseRelu },
) => {
  const { kernel, filters, stride = 1 } = layer;
  const [before, after] = convPadding(layer);
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const [, outHeight, outWidth] = place.outputShape as ImageShape;
  const [paddedChannels, paddedFilters] = [padded(channels, block), padded(filters, block)];
  const input = inputs[0]!;
  const [weight, bias] = parameters;

  // The operator reads images of few channels, as the network's input is, in the plain layout.
  const direct = input.block === 1 && channels < block;
  const x = direct || input.block > 1
    ? input.value
    : fromPlain(graph, input.value, [channels, height, width], block);
  const filter = direct
    ? directFilter(graph, weight!, [filters, channels, kernel], block)
    : blockedFilter(graph, weight!, [filters, channels, kernel], block, false);
  const operands = bias === undefined
    ? [x, filter]
    : [x, filter, graph.pad(bias, [0], [paddedFilters - filters])];
  const value = graph.node("Conv", operands, {
    ...nchwc,
    attributes: {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [before, before, after, after] },
      ...(fuseRelu ? { activation: { text: "Relu" } } : {}),
    },
  });

  const inputGradient = (gradient: string): string => {
    const spread = spreadPixels(graph, gradient, [
      batch * paddedFilters / block,
      outHeight,
      outWidth,
      block,
    ], stride);
    const end = (size: number, out: number) => size + before - ((out - 1) * stride + 1);
    const blocked = graph.node("Conv", [
      graph.reshape(
        spread,
        batch,
        paddedFilters,
        (outHeight - 1) * stride + 1,
        (outWidth - 1) * stride + 1,
      ),
      blockedFilter(graph, weight!, [filters, channels, kernel], block, true),
    ], {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [kernel, kernel] },
        pads: {
          ints: [
            kernel - 1 - before,
            kernel - 1 - before,
            end(height, outHeight),
            end(width, outWidth),
          ],
        },
      },
    });
    const result = { value: blocked, shape: place.inputShapes[0]!, block };
    return input.block === 1 ? toPlain(graph, result) : blocked;
  };

  const weightGradient = (gradient: string): string => {
    const groups = batch / block;
    const reach = (out: number) => (out - 1) * stride + kernel;
    const bySample = graph.pad(
      graph.transpose(toPlain(graph, input), 1, 0, 2, 3),
      [0, 0, before, before],
      [0, 0, reach(outHeight) - height - before, reach(outWidth) - width - before],
    );
    const bigKernel = graph.node("ReorderInput", [
      graph.reshape(gradient, groups, block, 1, paddedFilters * outHeight * outWidth),
    ], { ...nchwc, attributes: { channels_last: { int: 1 } } });
    const sums = graph.node("Conv", [
      graph.node("ReorderInput", [bySample], nchwc),
      graph.reshape(bigKernel, groups * paddedFilters, block, outHeight, outWidth),
    ], {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [outHeight, outWidth] },
        dilations: { ints: [stride, stride] },
        group: { int: groups },
      },
    });
    const byGroup = graph.reshape(
      sums,
      channels,
      groups,
      paddedFilters / block,
      kernel * kernel,
      block,
    );
    const canonical = graph.reshape(
      graph.transpose(graph.sum(byGroup, 1), 1, 3, 0, 2),
      paddedFilters,
      channels,
      kernel,
      kernel,
    );
    return crop(graph, canonical, filters, paddedFilters);
  };

  const biasGradient = (gradient: string): string => {
    const means = graph.node("GlobalAveragePool", [gradient], nchwc);
    const sums = graph.sum(graph.reshape(means, batch, paddedFilters), 0);
    const total = graph.node("Mul", [sums, graph.float(outHeight * outWidth)]);
    return crop(graph, total, filters, paddedFilters);
  };

  return {
    output: { value, shape: place.outputShape, block },
    backward: (gradient, wantInputs) => ({
      inputs: wantInputs ? [inputGradient(gradient)] : [],
      parameters: [
        weightGradient(gradient),
        ...(bias === undefined ? [] : [biasGradient(gradient)]),
      ],
    }),
  };
};

/** The first `filters` of a value with `paddedFilters` along axis 0. */
function crop(graph: Graph, value: string, filters: number, paddedFilters: number): string {
  return filters === paddedFilters ? value : graph.slice(value, [0], [0], [filters]);
}

type FilterShape = readonly [filters: number, channels: number, kernel: number];

/** Weights `[out, in, k, k]` for an input in the plain layout: out by blocks. */
function directFilter(
  graph: Graph,
  weight: string,
  [filters, channels, kernel]: FilterShape,
  block: number,
): string {
  const out = padded(filters, block);
  const whole = graph.pad(weight, [0, 0, 0, 0], [out - filters, 0, 0, 0]);
  const split = graph.reshape(whole, out / block, block, channels, kernel, kernel);
  return graph.reshape(graph.transpose(split, 0, 2, 3, 4, 1), out, channels, kernel, kernel);
}

/**
 * Weights `[out, in, k, k]` for a blocked input: out and in by blocks.
 *
 * @param turned Swaps in and out and turns the kernel by 180 degrees, for the input's gradient.
 */
function blockedFilter(
  graph: Graph,
  weight: string,
  [filters, channels, kernel]: FilterShape,
  block: number,
  turned: boolean,
): string {
  const [out, into] = [padded(filters, block), padded(channels, block)];
  const whole = graph.pad(weight, [0, 0, 0, 0], [out - filters, into - channels, 0, 0]);
  const facing = turned ? graph.slice(whole, [2, 3], [-1, -1], [-1000, -1000], -1) : whole;
  const split = graph.reshape(facing, out / block, block, into / block, block, kernel, kernel);
  return turned
    ? graph.reshape(graph.transpose(split, 2, 0, 4, 5, 1, 3), into, out, kernel, kernel)
    : graph.reshape(graph.transpose(split, 0, 2, 4, 5, 3, 1), out, into, kernel, kernel);
}

/** Puts `stride - 1` zeros between pixels, of `[planes, height, width, block]`. */
function spreadPixels(
  graph: Graph,
  value: string,
  [planes, height, width, block]: readonly [number, number, number, number],
  stride: number,
): string {
  if (stride === 1) return value;
  const columns = graph.pad(
    graph.reshape(value, planes * height, width, block),
    [0, 0, 0],
    [0, 0, (stride - 1) * block],
  );
  const rows = graph.pad(
    graph.reshape(columns, planes, height, width * stride * block),
    [0, 0, 0],
    [0, 0, (stride - 1) * width * stride * block],
  );
  return graph.slice(
    graph.reshape(rows, planes, height * stride, width * stride, block),
    [1, 2],
    [0, 0],
    [(height - 1) * stride + 1, (width - 1) * stride + 1],
  );
}
