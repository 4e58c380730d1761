import { notNegative, type OptimizerKind } from "./optimizer_kind.ts";
import { addDecay } from "./update_rule.ts";

/** Stochastic gradient descent (Robbins and Monro 1951): `w -= lr (g + weightDecay w)`. */
export interface Sgd {
  /** Says which optimiser this is. */
  readonly kind: "sgd";
  /** Share of the weight that is added to the gradient. */
  readonly weightDecay: number;
}

/** See {@linkcode Sgd}. */
export const sgd: OptimizerKind<Sgd> = {
  constants: { weightDecay: notNegative },
  presets: {
    sgd: {
      optimizer: { kind: "sgd", weightDecay: 0 },
      learningRate: 0.1,
      weightDecay: "weightDecay",
    },
  },
  rule({ weightDecay }) {
    return {
      slots: 0,
      scalarsOf: (_, learningRate) => [learningRate],
      update: (math, { weight, gradient, scalars: [rate] }) => {
        const decayed = addDecay(math, weight, gradient, weightDecay);
        return { weight: math.subtract(weight, math.multiply(rate!, decayed)), slots: [] };
      },
    };
  },
};
