/** Cross-entropy and hits of a batch, from its logits. */
export interface LossSums {
  /** Sum of `log(sum(exp(z))) - z[label]` over the samples, in nats. */
  readonly loss: number;
  /** Samples whose highest logit, the first of equals, is their label's. */
  readonly correct: number;
}

/**
 * Sums the softmax cross-entropy in 64-bit arithmetic.
 *
 * @param logits `[samples, classes]`; samples beyond the labels are ignored.
 */
export function crossEntropy(
  logits: Float32Array,
  labels: Uint8Array,
  classes: number,
): LossSums {
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    const first = sample * classes;
    const own = logits[first + labels[sample]!]!;
    let highest = 0;
    for (let k = 1; k < classes; k++) {
      if (logits[first + k]! > logits[first + highest]!) highest = k;
    }
    const shift = logits[first + highest]!;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[first + k]! - shift);
    loss += shift - own + Math.log(sum);
    if (highest === labels[sample]) correct++;
  }
  return { loss, correct };
}
