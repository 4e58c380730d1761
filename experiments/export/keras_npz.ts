/**
 * A data set as one `.npz` file, with the arrays that Keras's `mnist.npz` has.
 *
 * @module
 */
import { type DisturbedSet, imagesOf } from "./disturbed_set.ts";
import { type ByteArray, writeNpz } from "./npz.ts";

/**
 * Write `x_train`, `y_train`, `x_test` and `y_test`: images as [N, height, width], and with more than
 * one channel [N, height, width, channels]; labels as [N].
 *
 * @param path Of a file that is not there.
 * @param onImages Is told how many are done since it was told last.
 * @throws {ConfigurationError} If the images are larger than 4 GiB.
 * @throws {DOMException} If the signal is aborted; what was written stays.
 */
export async function writeKerasNpz(
  path: string,
  set: DisturbedSet,
  signal: AbortSignal,
  onImages: (count: number) => void,
): Promise<void> {
  const arrays = (["train", "test"] as const).flatMap((half): ByteArray[] => {
    const { count, labels, shape: [channels, height, width] } = set[half];
    const size = channels === 1 ? [height, width] : [height, width, channels];
    const images = imagesOf(set, half, onImages);
    return [
      { name: `x_${half}`, shape: [count, ...size], pieces: images.map(({ bytes }) => bytes) },
      { name: `y_${half}`, shape: [count], pieces: [Uint8Array.from(labels)] },
    ];
  });
  await writeNpz(path, arrays, signal);
}
