import type { ImageShape } from "../../../shape.ts";
import type { Graph } from "../graph.ts";
import { type Activation, padded, toBlocked } from "../layout.ts";
import { channelMeans, channelVector, scaleChannels } from "./channels.ts";
import type { Rule } from "./rule.ts";

const epsilon = 1e-5;
/** How far a running average moves towards a batch's value. */
export const momentum = 0.1;

/** Batch normalisation: by the batch's moments in training, by running averages in evaluation. */
export const batchNorm: Rule<"batch_norm"> = (context) =>
  context.training ? byBatch(context) : byAverages(context);

/**
 * With r = 1 / sqrt(running variance + epsilon), `y = scale r (x - running mean) + shift`, and
 * `dL/dx = scale r dL/dy`.
 */
const byAverages: Rule<"batch_norm"> = ({ graph, block, inputs, parameters, fusion }) => {
  const input = inBlocks(graph, inputs[0]!, block);
  const [scale, shift, mean, variance] = parameters as [string, string, string, string];
  const factor = graph.node("Mul", [scale, inverseDeviation(graph, variance)]);
  const offset = graph.node("Sub", [shift, graph.node("Mul", [mean, factor])]);
  const value = scaleChannels(graph, input, channelVector(graph, factor, input), {
    shift: channelVector(graph, offset, input),
    relu: fusion === "with_relu",
  });
  return {
    output: { ...input, value },
    // Nothing is trained in evaluation.
    backward: (gradient) => {
      const scaled = scaleChannels(
        graph,
        { ...input, value: gradient },
        channelVector(graph, factor, input),
      );
      return {
        inputs: [toBlocked(graph, { ...input, value: scaled }, inputs[0]!.block)],
        parameters: [],
      };
    },
  };
};

/**
 * With r = 1 / sqrt(variance + epsilon), `y = scale r (x - mean) + shift`. With g = dL/dy, and means
 * and sums over the batch and the pixels,
 * `dL/dx = scale r (g - mean(g) - r^2 (x - mean) mean(g (x - mean)))`,
 * `dL/dscale = r sum(g (x - mean))`, and `dL/dshift = sum(g)`.
 */
const byBatch: Rule<"batch_norm"> = (
  { graph, batch, block, inputs, parameters, place, fusion, moments },
) => {
  const { mean, variance } = moments.of(inputs[0]!);
  const input = inBlocks(graph, inputs[0]!, block);
  const [channels, height, width] = place.outputShape as ImageShape;
  const count = batch * height * width;
  const [scale, shift, runningMean, runningVariance] = parameters as [
    string,
    string,
    string,
    string,
  ];
  const multiply = (a: string, b: string) => graph.node("Mul", [a, b]);
  const subtract = (a: string, b: string) => graph.node("Sub", [a, b]);
  const whole = (vector: string) => channelVector(graph, vector, input);
  const own = (vector: string) => graph.first(vector, channels, padded(channels, input.block));

  const inverse = inverseDeviation(graph, variance);
  const factor = multiply(scale, inverse);
  const value = scaleChannels(graph, input, whole(factor), {
    shift: whole(subtract(shift, multiply(factor, mean))),
    relu: fusion === "with_relu",
  });
  const average = (running: string, now: string) =>
    graph.node("Add", [
      multiply(running, graph.float(1 - momentum)),
      multiply(now, graph.float(momentum)),
    ]);
  const unbiased = multiply(variance, graph.float(count / Math.max(1, count - 1)));
  return {
    output: { ...input, value },
    updates: [
      { parameter: runningMean, value: average(runningMean, mean) },
      { parameter: runningVariance, value: average(runningVariance, unbiased) },
    ],
    backward: (gradient, _, [other]) => {
      const together = input.block === inputs[0]!.block;
      const incoming = { ...input, value: gradient };
      const meanOf = (value: string) => own(channelMeans(graph, batch, { ...input, value }));
      const meanGradient = meanOf(gradient);
      const meanProduct = subtract(
        meanOf(multiply(gradient, input.value)),
        multiply(meanGradient, mean),
      );
      const toScale = multiply(multiply(meanProduct, inverse), graph.float(count));
      const toShift = multiply(meanGradient, graph.float(count));
      const slope = multiply(multiply(factor, multiply(inverse, inverse)), meanProduct);
      const offset = subtract(multiply(slope, mean), multiply(factor, meanGradient));
      const scaled = scaleChannels(graph, incoming, whole(factor), {
        shift: whole(offset),
        plus: scaleChannels(
          graph,
          input,
          whole(graph.node("Neg", [slope])),
          other !== undefined && together ? { plus: other } : {},
        ),
      });
      return {
        inputs: [toBlocked(graph, { ...input, value: scaled }, inputs[0]!.block)],
        added: together,
        parameters: [toScale, toShift],
      };
    },
  };
};

/** In the blocked layout fewer passes do the same, and a convolution mostly follows. */
function inBlocks(graph: Graph, input: Activation, block: number): Activation {
  return { ...input, value: toBlocked(graph, input, block), block };
}

function inverseDeviation(graph: Graph, variance: string): string {
  const root = graph.node("Sqrt", [graph.node("Add", [variance, graph.float(epsilon)])]);
  return graph.node("Reciprocal", [root]);
}
