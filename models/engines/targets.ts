import type { Targets } from "./engine.ts";

/** Writes targets as shares of classes into `shares`, which is `[samples, classes]` or longer. */
export function fillShares(shares: Float32Array, targets: Targets, classes: number): void {
  shares.fill(0);
  if (targets instanceof Float32Array) shares.set(targets);
  else targets.forEach((label, sample) => shares[sample * classes + label] = 1);
}

/** The targets of samples `first` to before `end`. */
export function someTargets<T extends Targets>(
  targets: T,
  first: number,
  end: number,
  classes: number,
): T {
  const size = targets instanceof Float32Array ? classes : 1;
  return targets.subarray(first * size, end * size) as T;
}
