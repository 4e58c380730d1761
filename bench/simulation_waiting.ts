/** An objective that waits for a time which its seed decides: lognormal, median 150 ms, sigma 0.7. */
import type { Objective } from "../mod.ts";
import { Random } from "../random.ts";

/** How long an evaluation takes, in milliseconds. */
export function evaluationMs(seed: number): number {
  return 150 * Math.exp(0.7 * new Random(seed).normal());
}

export const evaluate: Objective = async (x, { seed }) => {
  await new Promise((resolve) => setTimeout(resolve, evaluationMs(seed)));
  return x.reduce((sum, value) => sum + value * value, 0);
};
