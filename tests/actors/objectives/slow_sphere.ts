import type { Objective } from "../../../mod.ts";

/** Takes long enough for a run to be killed in its middle. */
export const evaluate: Objective = async (x) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return x.reduce((sum, value) => sum + value * value, 0);
};
