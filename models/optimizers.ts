/**
 * Optimisers as data: a kind and its constants. The learning rate is given with each step, so that
 * schedules stay outside.
 *
 * @module
 */
import { findByName } from "./find_by_name.ts";

/** `w -= lr (g + weightDecay w)`. */
export interface Sgd {
  /** Says which optimiser this is. */
  readonly kind: "sgd";
  /** Share of the weight that is added to the gradient. */
  readonly weightDecay: number;
}

/** `v = momentum v + g; w -= lr v`, or with `nesterov` `w -= lr (g + momentum v)`. */
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

/** Adam (Kingma and Ba, arXiv 1412.6980); `epsilon` is added after the bias-corrected root. */
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

/** `v = decay v + (1 - decay) g^2; w -= lr g / (sqrt(v) + epsilon)` (Tieleman and Hinton 2012). */
export interface RmsProp {
  /** Says which optimiser this is. */
  readonly kind: "rmsprop";
  /** Share of the mean square that each step keeps. */
  readonly decay: number;
  /** Added to the root, so that nothing is divided by 0. */
  readonly epsilon: number;
}

/**
 * Adam whose step per weight, `lr / (sqrt(v) + epsilon)`, is clipped to bounds that close in on
 * `finalLearningRate` (Luo et al., arXiv 1902.09843, algorithm 2): at step t between
 * `final (1 - 1 / (gamma t + 1))` and `final (1 + 1 / (gamma t))`.
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

/** The rule that turns gradients into new parameters. */
export type Optimizer = Sgd | Momentum | Adam | RmsProp | AdaBound;

/** An optimiser with what it is usually run with. */
export interface OptimizerPreset {
  /** The rule and its constants. */
  readonly optimizer: Optimizer;
  /** The learning rate that it is usually run with. */
  readonly learningRate: number;
  /** Of `optimizer`; `null` if the rule has none. */
  readonly weightDecay: number | null;
}

const adam: Adam = {
  kind: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decoupledWeightDecay: 0,
};

const presets: Readonly<Record<string, OptimizerPreset>> = {
  sgd: { optimizer: { kind: "sgd", weightDecay: 0 }, learningRate: 0.1, weightDecay: 0 },
  momentum: {
    optimizer: { kind: "momentum", momentum: 0.9, nesterov: false, weightDecay: 0 },
    learningRate: 0.01,
    weightDecay: 0,
  },
  nesterov: {
    optimizer: { kind: "momentum", momentum: 0.9, nesterov: true, weightDecay: 0 },
    learningRate: 0.01,
    weightDecay: 0,
  },
  adam: { optimizer: adam, learningRate: 0.001, weightDecay: null },
  adamw: {
    optimizer: { ...adam, decoupledWeightDecay: 0.01 },
    learningRate: 0.001,
    weightDecay: 0.01,
  },
  rmsprop: {
    optimizer: { kind: "rmsprop", decay: 0.9, epsilon: 1e-8 },
    learningRate: 0.001,
    weightDecay: null,
  },
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
};

/** The names that {@linkcode optimizerByName} knows. */
export const optimizerNames: readonly string[] = Object.keys(presets);

/**
 * Finds an optimiser by its name.
 *
 * @returns The optimiser of that name with its default constants and learning rate.
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function optimizerByName(name: string): OptimizerPreset {
  return findByName("an optimizer", presets, name);
}

/**
 * An optimiser with another weight decay.
 *
 * @param name Of the optimiser.
 * @param weightDecay At least 0.
 * @throws {RangeError} If there is no such optimiser, it has no weight decay and 0 is not asked for,
 * or the weight decay is below 0 or no number.
 */
export function withWeightDecay(name: string, weightDecay: number): Optimizer {
  const { optimizer, weightDecay: usual } = optimizerByName(name);
  if (!Number.isFinite(weightDecay) || weightDecay < 0) {
    throw new RangeError(
      `Cannot train with a weight decay of ${weightDecay}: expected 0 or more`,
    );
  }
  if (usual === null) {
    if (weightDecay === 0) return optimizer;
    const able = optimizerNames.filter((other) => presets[other]!.weightDecay !== null);
    throw new RangeError(
      `Cannot train with a weight decay of ${weightDecay}: expected ${able.join(", ")} as ` +
        `optimizer, received ${name}`,
    );
  }
  return optimizer.kind === "adam"
    ? { ...optimizer, decoupledWeightDecay: weightDecay }
    : { ...optimizer, weightDecay } as Optimizer;
}
