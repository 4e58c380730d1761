import { notNegative, type OptimizerKind, share, yesOrNo } from "./optimizer_kind.ts";
import { addDecay } from "./update_rule.ts";

/**
 * Gradient descent with a velocity: `v = momentum v + g; w -= lr v` (Polyak 1964), or with `nesterov`
 * `w -= lr (g + momentum v)` (Sutskever et al., ICML 2013).
 */
export interface Momentum {
  /** Says which optimiser this is. */
  readonly kind: "momentum";
  /** Share of the velocity that each step keeps. */
  readonly momentum: number;
  /** Whether the step looks ahead along the velocity. */
  readonly nesterov: boolean;
  /** Added to the gradient as `weightDecay w`. */
  readonly weightDecay: number;
}

/** See {@linkcode Momentum}. */
export const momentum: OptimizerKind<Momentum> = {
  constants: { momentum: share, nesterov: yesOrNo, weightDecay: notNegative },
  presets: {
    momentum: {
      optimizer: { kind: "momentum", momentum: 0.9, nesterov: false, weightDecay: 0 },
      learningRate: 0.01,
      weightDecay: "weightDecay",
    },
    nesterov: {
      optimizer: { kind: "momentum", momentum: 0.9, nesterov: true, weightDecay: 0 },
      learningRate: 0.01,
      weightDecay: "weightDecay",
    },
  },
  rule(optimizer) {
    return {
      slots: 1,
      scalarsOf: (_, learningRate) => [learningRate],
      update: (math, { weight, gradient, slots: [old], scalars: [rate] }) => {
        const factor = math.constant(optimizer.momentum);
        const decayed = math.share(addDecay(math, weight, gradient, optimizer.weightDecay));
        const velocity = math.share(math.add(math.multiply(old!, factor), decayed));
        const direction = optimizer.nesterov
          ? math.add(decayed, math.multiply(velocity, factor))
          : velocity;
        return {
          weight: math.subtract(weight, math.multiply(rate!, direction)),
          slots: [velocity],
        };
      },
    };
  },
};
