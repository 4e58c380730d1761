/** An evaluation that costs nothing, or takes as many milliseconds as the first coordinate says. */
import type { Objective } from "../mod.ts";

export const evaluate: Objective = async ([ms = 0]) => {
  if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
};
