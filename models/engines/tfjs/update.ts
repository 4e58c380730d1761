import type { Arithmetic, UpdateOutputs, UpdateRule } from "../../optimizers/update_rule.ts";
import { tf } from "./packages.ts";

const arithmetic: Arithmetic<tf.Tensor> = {
  constant: (value) => tf.scalar(value),
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  squareRoot: (a) => tf.sqrt(a),
  clamp: (a, low, high) => tf.minimum(tf.maximum(a, low), high),
  share: (a) => a,
};

/**
 * One step of the optimiser, with all weights as one vector.
 *
 * @param step From 1.
 */
export function update(
  rule: UpdateRule,
  { weight, slots }: UpdateOutputs<tf.Tensor>,
  gradient: tf.Tensor,
  step: number,
  learningRate: number,
): UpdateOutputs<tf.Tensor> {
  const scalars = rule.scalarsOf(step, learningRate).map((value) => tf.scalar(value));
  return rule.update(arithmetic, { weight, gradient, slots, scalars });
}
