/**
 * A sphere that comes nearer to its value in four steps, and reports on the way. `?crash=FILE` in its
 * URL: it throws once, after the second report, and writes the file.
 */
import type { Objective } from "../../../mod.ts";

const crash = new URL(import.meta.url).searchParams.get("crash");

export const evaluate: Objective = async (x, { report }) => {
  const value = x.reduce((sum, coordinate) => sum + coordinate * coordinate, 0);
  for (let step = 1; step < 4; step++) {
    if (!await report(step, value + 0.2 / step)) return NaN;
    if (step === 2 && crash !== null) {
      try {
        Deno.writeTextFileSync(crash, "", { createNew: true });
      } catch {
        continue;
      }
      throw new Error("once");
    }
  }
  return value;
};
