/**
 * When something happened in a run.
 *
 * @module
 */
import { durationText } from "../../duration.ts";
import type { ReportedRun } from "./reported_run.ts";

/**
 * A time as a reader takes it: `2026-03-01 12:00:00 UTC`; in a simulation, whose clock begins with it,
 * how long after its start.
 *
 * @param milliseconds Since 1970, or since the simulation began.
 */
export function momentText(
  { kind }: Pick<ReportedRun, "kind">,
  milliseconds: number,
): string {
  return kind === "simulation"
    ? `${durationText(milliseconds)} after the start`
    : `${new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
