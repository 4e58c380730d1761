import { type OptimizerKind, positive, share } from "./optimizer_kind.ts";

/** `v = decay v + (1 - decay) g^2; w -= lr g / (sqrt(v) + epsilon)` (Tieleman and Hinton 2012). */
export interface RmsProp {
  /** Says which optimiser this is. */
  readonly kind: "rmsprop";
  /** Share of the mean square that each step keeps. */
  readonly decay: number;
  /** Added to the root, so that nothing is divided by 0. */
  readonly epsilon: number;
}

/** See {@linkcode RmsProp}. */
export const rmsProp: OptimizerKind<RmsProp> = {
  constants: { decay: share, epsilon: positive },
  presets: {
    rmsprop: {
      optimizer: { kind: "rmsprop", decay: 0.9, epsilon: 1e-8 },
      learningRate: 0.001,
      weightDecay: null,
    },
  },
  rule({ decay: keep, epsilon }) {
    // The slot holds the sum v / (1 - decay), which saves a product for each weight.
    const scale = Math.sqrt(1 / (1 - keep));
    return {
      slots: 1,
      scalarsOf: (_, learningRate) => [learningRate * scale],
      update: (math, { weight, gradient, slots: [old], scalars: [rate] }) => {
        const square = math.multiply(gradient, gradient);
        const sum = math.share(math.add(math.multiply(old!, math.constant(keep)), square));
        const root = math.add(math.squareRoot(sum), math.constant(epsilon * scale));
        const change = math.multiply(rate!, math.divide(gradient, root));
        return { weight: math.subtract(weight, change), slots: [sum] };
      },
    };
  },
};
