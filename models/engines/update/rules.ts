import type { Optimizer } from "../../optimizers.ts";

/** The operations of an update, element by element, on some kind of value. */
export interface Arithmetic<V> {
  constant(value: number): V;
  add(a: V, b: V): V;
  subtract(a: V, b: V): V;
  multiply(a: V, b: V): V;
  divide(a: V, b: V): V;
  squareRoot(a: V): V;
  /** `a`, but at least `low` and at most `high`. */
  clamp(a: V, low: V, high: V): V;
  /** `a` as a value that is used more than once. */
  share(a: V): V;
}

/** What an update reads; everything but the scalars has one number for each weight. */
export interface UpdateInputs<V> {
  readonly weight: V;
  readonly gradient: V;
  readonly slots: readonly V[];
  readonly scalars: readonly V[];
}

/** What an update gives. */
export interface UpdateOutputs<V> {
  readonly weight: V;
  readonly slots: readonly V[];
}

/** An optimiser's update as a formula. */
export interface UpdateRule {
  /** How many numbers are remembered for each weight; they start at 0. */
  readonly slots: number;
  /**
   * The scalars of a step, always as many.
   *
   * @param step From 1.
   */
  scalarsOf(step: number, learningRate: number): readonly number[];
  /** The formula. */
  update<V>(math: Arithmetic<V>, inputs: UpdateInputs<V>): UpdateOutputs<V>;
}

/** The update rule of an optimiser. */
export function updateRule(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case "sgd":
      return sgd(optimizer);
    case "momentum":
      return momentum(optimizer);
    case "adam":
      return adam(optimizer);
    case "rmsprop":
      return rmsProp(optimizer);
    case "adabound":
      return adaBound(optimizer);
  }
}

type Of<Kind extends Optimizer["kind"]> = Extract<Optimizer, { kind: Kind }>;

function sgd({ weightDecay }: Of<"sgd">): UpdateRule {
  return {
    slots: 0,
    scalarsOf: (_, learningRate) => [learningRate],
    update: (math, { weight, gradient, scalars: [rate] }) => {
      const decayed = decay(math, weight, gradient, weightDecay);
      return { weight: math.subtract(weight, math.multiply(rate!, decayed)), slots: [] };
    },
  };
}

function momentum(optimizer: Of<"momentum">): UpdateRule {
  return {
    slots: 1,
    scalarsOf: (_, learningRate) => [learningRate],
    update: (math, { weight, gradient, slots: [old], scalars: [rate] }) => {
      const factor = math.constant(optimizer.momentum);
      const decayed = math.share(decay(math, weight, gradient, optimizer.weightDecay));
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
}

// The slots of the three rules below hold sums, m / (1 - beta1) and v / (1 - beta2), which saves a
// product for each weight. Their scalars hold what that leaves to do and the bias corrections.

function adam(optimizer: Of<"adam">): UpdateRule {
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
      const kept = decoupledWeightDecay === 0 ? inputs.weight : math.multiply(inputs.weight, keep!);
      return { weight: math.subtract(kept, change), slots: [first, second] };
    },
  };
}

function rmsProp({ decay: keep, epsilon }: Of<"rmsprop">): UpdateRule {
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
}

function adaBound(optimizer: Of<"adabound">): UpdateRule {
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
}

/** The sums of gradients and of their squares, `s = beta s + g`. */
function moments<V>(
  math: Arithmetic<V>,
  { gradient, slots: [first, second] }: UpdateInputs<V>,
  beta1: number,
  beta2: number,
): [V, V] {
  const square = math.multiply(gradient, gradient);
  return [
    math.share(math.add(math.multiply(first!, math.constant(beta1)), gradient)),
    math.share(math.add(math.multiply(second!, math.constant(beta2)), square)),
  ];
}

function decay<V>(math: Arithmetic<V>, weight: V, gradient: V, weightDecay: number): V {
  if (weightDecay === 0) return gradient;
  return math.add(gradient, math.multiply(weight, math.constant(weightDecay)));
}
