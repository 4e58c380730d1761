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

/** The gradient with a share of the weight, `g + weightDecay w`. */
export function addDecay<V>(
  math: Arithmetic<V>,
  weight: V,
  gradient: V,
  weightDecay: number,
): V {
  if (weightDecay === 0) return gradient;
  return math.add(gradient, math.multiply(weight, math.constant(weightDecay)));
}

/**
 * The sums of gradients and of their squares, `s = beta s + g`. They are m / (1 - beta1) and
 * v / (1 - beta2), which saves a product for each weight; what that leaves to do is in the scalars of
 * a rule, with the bias corrections.
 */
export function moments<V>(
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
