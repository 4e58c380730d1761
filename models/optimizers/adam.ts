import { notNegative, type OptimizerKind, positive, share } from "./optimizer_kind.ts";
import { moments } from "./update_rule.ts";

/**
 * Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1). At step t, from 1,
 * `m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
 * w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)`: `epsilon` is added after the
 * bias-corrected root.
 */
export interface Adam {
  /** Says which optimiser this is. */
  readonly kind: "adam";
  /** Share of the mean gradient that each step keeps. */
  readonly beta1: number;
  /** Share of the mean square that each step keeps. */
  readonly beta2: number;
  /** Added to the root, so that nothing is divided by 0. */
  readonly epsilon: number;
  /** Taken from the weights directly, `w -= lr weightDecay w` (AdamW, arXiv 1711.05101). */
  readonly decoupledWeightDecay: number;
}

const usual: Adam = {
  kind: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decoupledWeightDecay: 0,
};

/** See {@linkcode Adam}. */
export const adam: OptimizerKind<Adam> = {
  constants: { beta1: share, beta2: share, epsilon: positive, decoupledWeightDecay: notNegative },
  presets: {
    adam: { optimizer: usual, learningRate: 0.001, weightDecay: null },
    adamw: {
      optimizer: { ...usual, decoupledWeightDecay: 0.01 },
      learningRate: 0.001,
      weightDecay: "decoupledWeightDecay",
    },
  },
  rule(optimizer) {
    const { beta1, beta2, epsilon, decoupledWeightDecay } = optimizer;
    return {
      slots: 2,
      scalarsOf: (step, learningRate) => {
        const scale = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
        return [
          learningRate * (1 - beta1) / (1 - beta1 ** step) * scale,
          epsilon * scale,
          1 - learningRate * decoupledWeightDecay,
        ];
      },
      update: (math, inputs) => {
        const [rate, small, keep] = inputs.scalars;
        const [first, second] = moments(math, inputs, beta1, beta2);
        const root = math.add(math.squareRoot(second), small!);
        const change = math.multiply(rate!, math.divide(first, root));
        const kept = decoupledWeightDecay === 0
          ? inputs.weight
          : math.multiply(inputs.weight, keep!);
        return { weight: math.subtract(kept, change), slots: [first, second] };
      },
    };
  },
};
