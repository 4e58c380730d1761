/**
 * Optimisers as data: a kind and its constants. The learning rate is given with each step, so that
 * schedules stay outside.
 *
 * @module
 */

/** `w -= lr (g + weightDecay w)`. */
export interface Sgd {
  readonly kind: "sgd";
  readonly weightDecay: number;
}

/** `v = momentum v + g; w -= lr v`, or with `nesterov` `w -= lr (g + momentum v)`. */
export interface Momentum {
  readonly kind: "momentum";
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Added to the gradient as `weightDecay w`. */
  readonly weightDecay: number;
}

/** Adam (Kingma and Ba, arXiv 1412.6980); `epsilon` is added after the bias-corrected root. */
export interface Adam {
  readonly kind: "adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Taken from the weights directly, `w -= lr weightDecay w` (AdamW, arXiv 1711.05101). */
  readonly decoupledWeightDecay: number;
}

/** `v = decay v + (1 - decay) g^2; w -= lr g / (sqrt(v) + epsilon)` (Tieleman and Hinton 2012). */
export interface RmsProp {
  readonly kind: "rmsprop";
  readonly decay: number;
  readonly epsilon: number;
}

/**
 * Adam whose step per weight, `lr / (sqrt(v) + epsilon)`, is clipped to bounds that close in on
 * `finalLearningRate` (Luo et al., arXiv 1902.09843, algorithm 2): at step t between
 * `final (1 - 1 / (gamma t + 1))` and `final (1 + 1 / (gamma t))`.
 */
export interface AdaBound {
  readonly kind: "adabound";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** For a learning rate of `baseLearningRate`; follows a schedule in proportion. */
  readonly finalLearningRate: number;
  readonly baseLearningRate: number;
  readonly gamma: number;
}

/** The rule that turns gradients into new parameters. */
export type Optimizer = Sgd | Momentum | Adam | RmsProp | AdaBound;

/** An optimiser and the learning rate that it is usually run with. */
export interface OptimizerPreset {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
}

const adam: Adam = {
  kind: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decoupledWeightDecay: 0,
};

const presets: Readonly<Record<string, OptimizerPreset>> = {
  sgd: { optimizer: { kind: "sgd", weightDecay: 0 }, learningRate: 0.1 },
  momentum: {
    optimizer: { kind: "momentum", momentum: 0.9, nesterov: false, weightDecay: 0 },
    learningRate: 0.01,
  },
  nesterov: {
    optimizer: { kind: "momentum", momentum: 0.9, nesterov: true, weightDecay: 0 },
    learningRate: 0.01,
  },
  adam: { optimizer: adam, learningRate: 0.001 },
  adamw: { optimizer: { ...adam, decoupledWeightDecay: 0.01 }, learningRate: 0.001 },
  rmsprop: {
    optimizer: { kind: "rmsprop", decay: 0.9, epsilon: 1e-8 },
    learningRate: 0.001,
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
  },
};

/** The names that {@linkcode optimizerByName} knows. */
export const optimizerNames: readonly string[] = Object.keys(presets);

/**
 * @returns The optimiser of that name with its default constants and learning rate.
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function optimizerByName(name: string): OptimizerPreset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) {
    throw new RangeError(
      `Cannot choose an optimizer: expected one of ${
        optimizerNames.join(", ")
      }, received "${name}"`,
    );
  }
  return preset;
}
