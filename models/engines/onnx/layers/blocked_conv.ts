import { convPadding } from "../../../layers/conv.ts";
import type { ImageShape } from "../../../shape.ts";
import { nchwc, padded, toBlocked, weavePixels } from "../layout.ts";
import {
  biasGradient,
  inputGradient,
  pointwiseWeightGradient,
  weightGradient,
} from "./blocked_conv_gradients.ts";
import { blockedFilter, directFilter } from "./blocked_filter.ts";
import { pairwiseMaximum } from "./pair.ts";
import type { LayerContext, Rule } from "./rule.ts";

/**
 * A convolution with ONNX Runtime's own blocked operators, about twice as fast as the standard
 * one. The formulas are those of {@linkcode conv}. The gradients are blocked convolutions, too: see
 * {@linkcode inputGradient} and {@linkcode weightGradient}.
 */
export const blockedConv: Rule<"conv"> = (context) =>
  context.fusion === "with_pool" ? pooledConv(context) : wholeConv(context);

const wholeConv: Rule<"conv"> = (context) => {
  const { graph, layer, block, place, fusion } = context;
  const { stride = 1 } = layer;
  const [before, after] = convPadding(layer);
  const [, rows, columns] = place.outputShape as ImageShape;
  const value = graph.node("Conv", operands(context), {
    ...nchwc,
    attributes: {
      kernel_shape: { ints: [layer.kernel, layer.kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [before, before, after, after] },
      ...(fusion === "with_relu" ? { activation: { text: "Relu" } } : {}),
    },
  });
  return {
    output: { value, shape: place.outputShape, block },
    backward: (gradient, wantInputs) => {
      const part = { gradient, rows, columns, row: 0, column: 0, dilation: stride };
      return {
        inputs: wantInputs ? [inputGradient(context, gradient)] : [],
        parameters: [
          layer.kernel === 1 && stride === 1
            ? pointwiseWeightGradient(context, gradient)
            : weightGradient(context, [part]),
          ...(layer.bias === false ? [] : [biasGradient(context, gradient, rows * columns)]),
        ],
      };
    },
  };
};

/**
 * A convolution and the 2 x 2 max pooling after it: four convolutions of stride 2 give the four
 * pixels of all windows, each in its own value, so that nothing has to be taken apart. With u the
 * four, `dL/du[i] = dL/dy [u[i] is the first highest]`, and the convolution's gradients follow from
 * dL/du.
 */
const pooledConv: Rule<"conv"> = (context) => {
  const { graph, layer, batch, block, place } = context;
  const [before] = convPadding(layer);
  const [, height, width] = place.inputShapes[0] as ImageShape;
  const [filters, outHeight, outWidth] = place.outputShape as ImageShape;
  const [rows, columns] = [outHeight / 2, outWidth / 2];
  const read = operands(context);
  const pixels = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([row, column]) => {
    const end = (out: number, size: number, at: number) =>
      2 * (out - 1) + layer.kernel - size - before + at;
    const value = graph.node("Conv", read, {
      ...nchwc,
      attributes: {
        kernel_shape: { ints: [layer.kernel, layer.kernel] },
        strides: { ints: [2, 2] },
        pads: {
          ints: [
            before - row!,
            before - column!,
            end(rows, height, row!),
            end(columns, width, column!),
          ],
        },
      },
    });
    return { value, row: row!, column: column! };
  });
  const top = pairwiseMaximum(graph, pixels[0]!.value, pixels[1]!.value);
  const bottom = pairwiseMaximum(graph, pixels[2]!.value, pixels[3]!.value);
  const whole = pairwiseMaximum(graph, top.value, bottom.value);
  return {
    output: { value: whole.value, shape: [filters, rows, columns], block },
    backward: (gradient, wantInputs) => {
      const [toTop, toBottom] = whole.backward(gradient);
      const gradients = [...top.backward(toTop), ...bottom.backward(toBottom)];
      const inFours = gradients.map((gradient, index) => ({
        gradient,
        rows,
        columns,
        row: pixels[index]!.row,
        column: pixels[index]!.column,
        dilation: 2,
      }));
      const woven = (): string => {
        const out = padded(filters, block);
        const image = weavePixels(
          graph,
          [gradients.slice(0, 2), gradients.slice(2)],
          [batch * out / block, rows, columns, block],
        );
        return graph.reshape(image, batch, out, outHeight, outWidth);
      };
      const full = wantInputs ? woven() : undefined;
      const parts = full === undefined ? inFours : [
        { gradient: full, rows: outHeight, columns: outWidth, row: 0, column: 0, dilation: 1 },
      ];
      return {
        inputs: full === undefined ? [] : [inputGradient(context, full)],
        parameters: [
          weightGradient(context, parts),
          ...(layer.bias === false ? [] : [biasGradient(context, gradient, rows * columns)]),
        ],
      };
    },
  };
};

/** Input, filter and bias of the forward operator. */
function operands({ graph, layer, block, inputs, parameters, place }: LayerContext<"conv">) {
  const input = inputs[0]!;
  const shape = place.inputShapes[0] as ImageShape;
  const filter = [layer.filters, shape[0], layer.kernel] as const;
  const [weight, bias] = parameters;
  // Images of few channels, as the network's input has, are read in the plain layout.
  const direct = input.block === 1 && shape[0] < block;
  const missing = padded(layer.filters, block) - layer.filters;
  return [
    direct ? input.value : toBlocked(graph, input, block),
    direct
      ? directFilter(graph, weight!, filter, block)
      : blockedFilter(graph, weight!, filter, block),
    ...(bias === undefined ? [] : [graph.pad(bias, [0], [missing])]),
  ];
}
