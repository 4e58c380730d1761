/**
 * What candidates are judged by: the fitness of a disturbance, or the value of an objective, which
 * the files hold as a fitness with its sign turned.
 *
 * @module
 */
import type { ReportedRun } from "./reported_run.ts";

/** How the fitness of a run is shown. */
export interface Measure {
  readonly word: "fitness" | "value";
  readonly direction: "The search maximises it." | "The search minimises it.";
  /** From the fitness in the files; `null` stays. */
  readonly of: <T extends number | null>(fitness: T) => T;
}

/** The measure of a kind of run. */
export function measureOf({ kind }: Pick<ReportedRun, "kind">): Measure {
  if (kind === "search") {
    return { word: "fitness", direction: "The search maximises it.", of: (fitness) => fitness };
  }
  return {
    word: "value",
    direction: "The search minimises it.",
    of: <T extends number | null>(fitness: T) => (fitness === null ? fitness : 0 - fitness) as T,
  };
}
