/** An objective that fails in a way that its point chooses: x[0] is the number of the way. */
import process from "node:process";
import type { Objective } from "../../../mod.ts";

const WAYS = ["value", "throw", "exit", "hang", "nan", "text"] as const;

let attempts = 0;

export const evaluate: Objective = async (x) => {
  const way = WAYS[Math.min(Math.floor(x[0]! * WAYS.length), WAYS.length - 1)];
  attempts++;
  switch (way) {
    case "throw":
      throw new Error("no value today");
    case "exit":
      process.exit(0);
      break;
    case "hang": {
      // Not for ever: the thread of a killed worker would keep a core from later tests.
      const end = performance.now() + 15_000;
      while (performance.now() < end) await Promise.resolve();
      throw new Error("nobody stopped it");
    }
    case "nan":
      return NaN;
    case "text":
      return "7" as unknown as number;
  }
  return x[0]! + attempts * 0;
};
