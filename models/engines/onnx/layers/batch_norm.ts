import type { ImageShape } from "../../../network.ts";
import type { Graph } from "../graph.ts";
import { padded } from "../layout.ts";
import { channelMeans, channelVector, scaleChannels } from "./channels.ts";
import type { Rule } from "./rule.ts";

const epsilon = 1e-5;
/** How far a running average moves towards a batch's value. */
export const momentum = 0.1;

/** Batch normalisation: by the batch's moments in training, by running averages in evaluation. */
export const batchNorm: Rule<"batch_norm"> = (context) =>
  context.training ? byBatch(context) : byAverages(context);

const byAverages: Rule<"batch_norm"> = ({ graph, inputs, parameters, fusion }) => {
  const input = inputs[0]!;
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
    backward: (gradient) => ({
      inputs: [
        scaleChannels(graph, { ...input, value: gradient }, channelVector(graph, factor, input)),
      ],
      parameters: [],
    }),
  };
};

/**
 * With the centred input c and r = 1 / sqrt(variance + epsilon), `y = scale r c + shift`, and
 * `dx = scale r (dy - mean(dy) - r^2 c mean(dy c))`.
 */
const byBatch: Rule<"batch_norm"> = (
  { graph, batch, inputs, parameters, place, fusion },
) => {
  const input = inputs[0]!;
  const [channels, height, width] = place.outputShape as ImageShape;
  const count = batch * height * width;
  const [scale, shift, runningMean, runningVariance] = parameters as [
    string,
    string,
    string,
    string,
  ];
  const multiply = (a: string, b: string) => graph.node("Mul", [a, b]);
  const negative = (a: string) => graph.node("Neg", [a]);
  const whole = (vector: string) => channelVector(graph, vector, input);
  const own = (vector: string) => graph.first(vector, channels, padded(channels, input.block));

  const mean = channelMeans(graph, batch, input);
  const ones = whole(graph.filled(channels, 1));
  const centred = {
    ...input,
    value: scaleChannels(graph, input, ones, { shift: negative(mean) }),
  };
  const variance = channelMeans(graph, batch, {
    ...input,
    value: multiply(centred.value, centred.value),
  });
  const inverse = inverseDeviation(graph, variance);
  const factor = multiply(whole(scale), inverse);
  const value = scaleChannels(graph, centred, factor, {
    shift: whole(shift),
    relu: fusion === "with_relu",
  });
  const average = (running: string, now: string) =>
    graph.node("Add", [
      multiply(running, graph.float(1 - momentum)),
      multiply(own(now), graph.float(momentum)),
    ]);
  const unbiased = multiply(variance, graph.float(count / Math.max(1, count - 1)));
  return {
    output: { ...input, value },
    updates: [
      { parameter: runningMean, value: average(runningMean, mean) },
      { parameter: runningVariance, value: average(runningVariance, unbiased) },
    ],
    backward: (gradient, _, [other]) => {
      const incoming = { ...input, value: gradient };
      const meanGradient = channelMeans(graph, batch, incoming);
      const meanProduct = channelMeans(graph, batch, {
        ...input,
        value: multiply(gradient, centred.value),
      });
      const toScale = multiply(multiply(meanProduct, inverse), graph.float(count));
      const toShift = multiply(meanGradient, graph.float(count));
      const slope = negative(multiply(multiply(factor, multiply(inverse, inverse)), meanProduct));
      return {
        inputs: [
          scaleChannels(graph, incoming, factor, {
            shift: negative(multiply(factor, meanGradient)),
            plus: scaleChannels(graph, centred, slope, other === undefined ? {} : { plus: other }),
          }),
        ],
        added: true,
        parameters: [own(toScale), own(toShift)],
      };
    },
  };
};

function inverseDeviation(graph: Graph, variance: string): string {
  const root = graph.node("Sqrt", [graph.node("Add", [variance, graph.float(epsilon)])]);
  return graph.node("Reciprocal", [root]);
}
