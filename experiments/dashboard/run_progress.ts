/**
 * How far a run is, and how long it will take.
 *
 * @module
 */
import type { EvaluationKey } from "../../actors/record/facts.ts";
import { durationText } from "../../duration.ts";
import type { ReportedRun } from "../run_report/reported_run.ts";
import { workStarts } from "../run_report/work_periods.ts";
import { remainingMs } from "../terminal/progress.ts";

/** Where a run is. */
export interface RunProgress {
  /** `stopped` is also a run whose process was killed. */
  readonly state: "running" | "done" | "stopped" | "failed";
  /** Evaluations that have ended. */
  readonly done: number;
  /** Evaluations in all, as far as is known now. */
  readonly total: number;
  /** Evaluations that were drawn and have no result. */
  readonly open: number;
  /** Of `done`, what the process that works on it has not done itself; all if none does. */
  readonly before: number;
  /** How long that process has worked on it. */
  readonly elapsedMs: number;
}

/**
 * Where a run is.
 *
 * @param open Evaluations that were started and have no result.
 */
export function runProgress(run: ReportedRun, open: readonly EvaluationKey[]): RunProgress {
  const { candidates, finalists, isRunning, isFinished, summary } = run;
  const state = isRunning
    ? "running"
    : isFinished
    ? "done"
    : summary?.status === "failed"
    ? "failed"
    : "stopped";
  const done = candidates.length + finalists.length;
  // A run that was extended can have other finalists than before, so that they are more than planned.
  const begun = open.filter(({ repeat }) => repeat > 0).length;
  const total = isFinished ? done : Math.max(done + begun, planned(run, open));
  const pace = isRunning ? paceOf(run) : { before: done, elapsedMs: 0 };
  return { state, done, total, open: open.length, ...pace };
}

/** Time left as a person reads it; empty where it is not known. */
export function leftText(progress: RunProgress): string {
  const leftMs = remainingMs({ label: "", unit: "count", ...progress });
  return leftMs === undefined || leftMs === 0
    ? ""
    : `${durationText(1000 * Math.ceil(leftMs / 1000))} left`;
}

function planned(
  { configuration, candidates, generations }: ReportedRun,
  open: readonly EvaluationKey[],
) {
  const isSearched = generations.length >= configuration.generations ||
    open.some(({ repeat }) => repeat > 0);
  // A strategy can choose it; then the first generation says what it was.
  const population = configuration.population ??
    1 + [...candidates, ...open].reduce((most, { candidate }) => Math.max(most, candidate), -1);
  const searched = isSearched ? candidates.length : configuration.generations * population;
  return searched + Math.min(configuration.finalists, searched) * configuration.finalistRepeats;
}

/** Since when this process works on it, and what was done before. */
function paceOf(run: ReportedRun): { readonly before: number; readonly elapsedMs: number } {
  const { candidates, finalists, directory } = run;
  if (run.kind === "simulation") { // Its times are those of a virtual clock; it is never continued.
    const began = Deno.statSync(`${directory}/config.json`).mtime?.getTime() ?? Date.now();
    return { before: 0, elapsedMs: Date.now() - began };
  }
  const began = workStarts(run).at(-1) ?? Date.now();
  const before =
    [...candidates, ...finalists].filter(({ timings }) =>
      Object.values(timings).some(({ startedAt }) => startedAt < began)
    ).length;
  return { before, elapsedMs: Date.now() - began };
}
