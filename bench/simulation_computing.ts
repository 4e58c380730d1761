/** As `simulation_waiting.ts`, but a core is busy meanwhile, as with training. */
import type { Objective } from "../mod.ts";
import { evaluationMs } from "./simulation_waiting.ts";

export const evaluate: Objective = (x, { seed }) => {
  const until = performance.now() + evaluationMs(seed);
  let value = 0;
  while (performance.now() < until) value = x.reduce((sum, each) => sum + each * each, 0);
  return value;
};
