import { convPadding } from "../../../layers/conv.ts";
import type { ImageShape } from "../../../shape.ts";
import { blockedConv } from "./blocked_conv.ts";
import type { Rule } from "./rule.ts";

/**
 * A convolution, in the blocked layout where the processor has one:
 * `y[o, p] = b[o] + sum over c and k of W[o, c, k] x[c, s p + k - a]`, for filter o, channel c, pixel
 * p, tap k, stride s and a zeros before, along rows and columns alike. Its gradients are
 * `dL/dx[c, q] = sum over o, and over k and p with s p + k - a = q, of W[o, c, k] dL/dy[o, p]`,
 * `dL/dW[o, c, k] = sum over samples and p of dL/dy[o, p] x[c, s p + k - a]`, and
 * `dL/db[o] = sum over samples and p of dL/dy[o, p]`.
 */
export const conv: Rule<"conv"> = (context) =>
  context.block > 1 ? blockedConv(context) : plainConv(context);

/**
 * A convolution with standard operators. `dL/dx` is a transposed convolution of dL/dy. `dL/dW` is one
 * matrix product per image: dL/dy `[out, pixels]` times the input's windows `[kernel^2 in, pixels]`,
 * summed over the batch.
 */
const plainConv: Rule<"conv"> = (
  { graph, layer, batch, inputs, parameters, place, fusion },
) => {
  const { kernel, filters, stride = 1 } = layer;
  const [before, after] = convPadding(layer);
  const [channels, height, width] = place.inputShapes[0] as ImageShape;
  const [, outHeight, outWidth] = place.outputShape as ImageShape;
  const x = inputs[0]!.value;
  const weight = parameters[0]!;
  const window = {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: [before, before, after, after] },
  };
  const convolved = graph.node("Conv", [x, ...parameters], { attributes: window });

  const inputGradient = (gradient: string): string => {
    const reached = (size: number) => (size - 1) * stride + kernel - before - after;
    return graph.node("ConvTranspose", [gradient, weight], {
      attributes: {
        ...window,
        output_padding: { ints: [height - reached(outHeight), width - reached(outWidth)] },
      },
    });
  };

  const weightGradient = (gradient: string): string => {
    const framed = graph.pad(x, [0, 0, before, before], [0, 0, after, after]);
    const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
      const [row, column] = [Math.floor(tap / kernel), tap % kernel];
      const end = [row + (outHeight - 1) * stride + 1, column + (outWidth - 1) * stride + 1];
      return graph.slice(framed, [2, 3], [row, column], end, stride);
    });
    const pixels = outHeight * outWidth;
    const windows = graph.reshape(
      graph.concat(1, ...taps),
      batch,
      kernel * kernel * channels,
      pixels,
    );
    // ONNX Runtime fuses the two on a CPU.
    const products = graph.node("MatMul", [
      graph.reshape(gradient, batch, filters, pixels),
      graph.transpose(windows, 0, 2, 1),
    ]);
    const byTap = graph.reshape(graph.sum(products, 0), filters, kernel * kernel, channels);
    return graph.reshape(graph.transpose(byTap, 0, 2, 1), filters, channels, kernel, kernel);
  };

  return {
    output: {
      value: fusion === "with_relu" ? graph.node("Relu", [convolved]) : convolved,
      shape: place.outputShape,
      block: 1,
    },
    backward: (gradient, wantInputs) => ({
      inputs: wantInputs ? [inputGradient(gradient)] : [],
      parameters: [
        weightGradient(gradient),
        ...(layer.bias === false ? [] : [graph.sum(gradient, 0, 2, 3)]),
      ],
    }),
  };
};
