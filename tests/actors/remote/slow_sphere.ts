import type { Objective } from "../../../mod.ts";

/** Long enough to be killed in. */
export const evaluate: Objective = async (x) => {
  await new Promise((resolve) => setTimeout(resolve, 60));
  return x.reduce((sum, each) => sum + each * each, 0);
};
