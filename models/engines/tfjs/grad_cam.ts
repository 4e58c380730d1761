import type { PlacedLayer } from "../../network.ts";
import { forward } from "./layers.ts";
import { tf } from "./packages.ts";

/**
 * Grad-CAM's maps, `[samples, height, width]`; see {@linkcode Engine.gradCam}.
 *
 * @param target The layer that gives the feature maps.
 * @param parameters In this engine's layout, in the order of the layers.
 * @param images `[samples, height, width, channels]`.
 * @param targets The labels one-hot, `[samples, classes]`.
 */
export function gradCam(
  placed: readonly PlacedLayer[],
  target: PlacedLayer,
  parameters: readonly tf.Tensor[],
  images: tf.Tensor,
  targets: tf.Tensor,
): tf.Tensor {
  const [channels, height, width] = target.outputShape;
  let activation!: tf.Tensor;
  // The gradient by what is added to the activation is the one by the activation.
  const gradient = tf.grad((nothing) => {
    const logits = forward(placed, parameters, images, {
      after: ({ name }, output) => {
        if (name !== target.layer.name) return output;
        activation = tf.keep(output.clone());
        return tf.add(output, nothing);
      },
    });
    return tf.sum(tf.mul(targets, logits));
  })(tf.zeros([images.shape[0]!, height!, width!, channels!]));
  const weights = tf.mean(gradient, [1, 2], true);
  const maps = tf.relu(tf.sum(tf.mul(weights, activation), 3));
  activation.dispose();
  return maps;
}
