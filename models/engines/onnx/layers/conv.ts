import { convPadding } from "../../../network.ts";
import type { Rule } from "./rule.ts";

/**
 * A convolution. The gradient of its weights is one matrix product per image: the gradient
 * `[out, pixels]` times the input's windows `[kernel^2 in, pixels]`, summed over the batch.
 */
export const conv: Rule<"conv"> = ({ graph, layer, batch, inputs, parameters, place }) => {
  const { kernel, filters, stride = 1 } = layer;
  const [before, after] = convPadding(layer);
  const [channels, height, width] = place.inputShapes[0] as [number, number, number];
  const [, outHeight, outWidth] = place.outputShape as [number, number, number];
  const [x, weight] = [inputs[0]!, parameters[0]!];
  const window = {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: [before, before, after, after] },
  };

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
    const padded = before + after === 0 ? x : graph.node("Pad", [
      x,
      graph.ints(0, 0, before, before, 0, 0, after, after),
    ]);
    const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
      const [row, column] = [Math.floor(tap / kernel), tap % kernel];
      return graph.node("Slice", [
        padded,
        graph.ints(row, column),
        graph.ints(row + (outHeight - 1) * stride + 1, column + (outWidth - 1) * stride + 1),
        graph.ints(2, 3),
        graph.ints(stride, stride),
      ]);
    });
    const pixels = outHeight * outWidth;
    const windows = graph.reshape(
      graph.concat(1, ...taps),
      batch,
      kernel * kernel * channels,
      pixels,
    );
    const products = graph.node("FusedMatMul", [
      graph.reshape(gradient, batch, filters, pixels),
      windows,
    ], { domain: "com.microsoft", attributes: { transB: { int: 1 } } });
    const byTap = graph.reshape(graph.sum(products, 0), filters, kernel * kernel, channels);
    return graph.reshape(graph.transpose(byTap, 0, 2, 1), filters, channels, kernel, kernel);
  };

  return {
    output: graph.node("Conv", [x, ...parameters], { attributes: window }),
    backward: (gradient, wantInputs) => ({
      inputs: wantInputs ? [inputGradient(gradient)] : [],
      parameters: [
        weightGradient(gradient),
        ...(layer.bias === false ? [] : [graph.sum(gradient, 0, 2, 3)]),
      ],
    }),
  };
};
