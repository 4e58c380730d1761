import type { Targets } from "./engine.ts";

/** Cross-entropy and hits of a batch, from its logits. */
export interface LossSums {
  /** Sum of `log(sum(exp(z))) - z[label]` over the samples, in nats. */
  readonly loss: number;
  /** Samples whose highest logit, the first of equals, is that of their label or largest share. */
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

/** As {@linkcode crossEntropy}, also for shares of classes t: `log(sum(exp(z))) - sum(t z)`. */
export function targetCrossEntropy(
  logits: Float32Array,
  targets: Targets,
  classes: number,
): LossSums {
  if (targets instanceof Uint8Array) return crossEntropy(logits, targets, classes);
  const largest = new Uint8Array(targets.length / classes);
  let moved = 0;
  for (let sample = 0; sample < largest.length; sample++) {
    const first = sample * classes;
    for (let k = 1; k < classes; k++) {
      if (targets[first + k]! > targets[first + largest[sample]!]!) largest[sample] = k;
    }
    const own = logits[first + largest[sample]!]!;
    for (let k = 0; k < classes; k++) moved += targets[first + k]! * (own - logits[first + k]!);
  }
  const { loss, correct } = crossEntropy(logits, largest, classes);
  return { loss: loss + moved, correct };
}
