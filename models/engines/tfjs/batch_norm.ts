import { tf } from "./packages.ts";

const epsilon = 1e-5;
const batchAxes = [0, 1, 2];

/**
 * Batch normalisation (arXiv 1502.03167).
 *
 * @param input `[samples, height, width, channels]`.
 * @param parameters Scale, shift, running mean and running variance of each channel.
 * @param observed In training, where the batch's mean and unbiased variance are added and kept.
 */
export function normalize(
  input: tf.Tensor,
  parameters: readonly tf.Tensor[],
  observed?: tf.Tensor[],
): tf.Tensor {
  const [scale, shift, runningMean, runningVariance] = parameters;
  if (observed) return trainingNorm(observed)(input, scale!, shift!);
  const factor = tf.mul(scale!, inverseRoot(runningVariance!));
  return tf.add(tf.mul(input, factor), tf.sub(shift!, tf.mul(runningMean!, factor)));
}

/**
 * The gradient is written out: on the tape, the batch's statistics would cost twenty operations.
 * With r = 1 / sqrt(variance + epsilon) and n = r (x - mean), `y = scale n + shift`. With g = dL/dy and
 * sums over the batch and the pixels, of which there are count,
 * `dL/dshift = sum(g)`, `dL/dscale = sum(g n)`, and
 * `dL/dx = scale r (g - (n dL/dscale + dL/dshift) / count)`.
 */
function trainingNorm(observed: tf.Tensor[]) {
  return tf.customGrad((...args) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const count = input.size / scale.size;
    const { mean, variance } = tf.moments(input, batchAxes);
    observed.push(tf.keep(mean), tf.keep(tf.mul(variance, count / Math.max(1, count - 1))));
    const inverse = inverseRoot(variance);
    const normal = tf.mul(tf.sub(input, mean), inverse);
    save([normal, scale, inverse]);
    return {
      value: tf.add(tf.mul(normal, scale), shift),
      gradFunc: (slopes: tf.Tensor, saved: tf.Tensor[]) => {
        const [normal, scale, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const shiftSlope = tf.sum(slopes, batchAxes);
        const scaleSlope = tf.sum(tf.mul(slopes, normal), batchAxes);
        const along = tf.add(tf.mul(normal, tf.div(scaleSlope, count)), tf.div(shiftSlope, count));
        return [tf.mul(tf.sub(slopes, along), tf.mul(scale, inverse)), scaleSlope, shiftSlope];
      },
    };
  });
}

function inverseRoot(variance: tf.Tensor): tf.Tensor {
  return tf.rsqrt(tf.add(variance, epsilon));
}
