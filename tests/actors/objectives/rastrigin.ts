import type { Objective } from "../../../mod.ts";

export const evaluate: Objective = (x) =>
  x.reduce((sum, value) => sum + value * value - 10 * Math.cos(2 * Math.PI * value) + 10, 0);
