import type { Objective } from "../../../mod.ts";

export const evaluate: Objective = (x) => x.reduce((sum, value) => sum + value * value, 0);
