import { type OptimizerKind, positive, share } from "./optimizer_kind.ts";
import { moments } from "./update_rule.ts";

/**
 * Adam whose step per weight, `lr / (sqrt(v) + epsilon)`, is clipped to bounds that close in on
 * `finalLearningRate` (Luo et al., arXiv 1902.09843, algorithm 2). With m and v as Adam has them, at
 * step t, from 1, `s = lr sqrt(1 - beta2^t) / (1 - beta1^t) / (sqrt(v) + epsilon)` is clipped to lie
 * between `final (1 - 1 / (gamma t + 1))` and `final (1 + 1 / (gamma t))`, and `w -= s m`.
 */
export interface AdaBound {
  /** Says which optimiser this is. */
  readonly kind: "adabound";
  /** Share of the mean gradient that each step keeps. */
  readonly beta1: number;
  /** Share of the mean square that each step keeps. */
  readonly beta2: number;
  /** Added to the root, so that nothing is divided by 0. */
  readonly epsilon: number;
  /** For a learning rate of `baseLearningRate`; follows a schedule in proportion. */
  readonly finalLearningRate: number;
  /** The learning rate that `finalLearningRate` belongs to. */
  readonly baseLearningRate: number;
  /** How fast the bounds close in. */
  readonly gamma: number;
}

/** See {@linkcode AdaBound}. */
export const adaBound: OptimizerKind<AdaBound> = {
  constants: {
    beta1: share,
    beta2: share,
    epsilon: positive,
    finalLearningRate: positive,
    baseLearningRate: positive,
    gamma: positive,
  },
  presets: {
    adabound: {
      optimizer: {
        kind: "adabound",
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        finalLearningRate: 0.1,
        baseLearningRate: 0.001,
        gamma: 0.001,
      },
      learningRate: 0.001,
      weightDecay: null,
    },
  },
  rule(optimizer) {
    const { beta1, beta2, epsilon, finalLearningRate, baseLearningRate, gamma } = optimizer;
    const scale = Math.sqrt(1 / (1 - beta2));
    return {
      slots: 2,
      scalarsOf: (step, learningRate) => {
        const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
        const final = finalLearningRate * learningRate / baseLearningRate;
        return [
          (1 - beta1) * learningRate * correction * scale,
          epsilon * scale,
          (1 - beta1) * final * (1 - 1 / (gamma * step + 1)),
          (1 - beta1) * final * (1 + 1 / (gamma * step)),
        ];
      },
      update: (math, inputs) => {
        const [rate, small, low, high] = inputs.scalars;
        const [first, second] = moments(math, inputs, beta1, beta2);
        const root = math.add(math.squareRoot(second), small!);
        const bounded = math.clamp(math.divide(rate!, root), low!, high!);
        return {
          weight: math.subtract(inputs.weight, math.multiply(bounded, first)),
          slots: [first, second],
        };
      },
    };
  },
};
