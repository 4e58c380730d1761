/**
 * What the simulations of a sweep came to, a row for each, and as a CSV file.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import type { Outcome } from "../../simulation/sweep/simulator.ts";
import { flagOf } from "../../options.ts";
import { wastedIn } from "../../simulation/result.ts";
import type { SweepPlan } from "./plan.ts";

/** One simulation of a sweep. */
export interface SweepRow {
  /** Values of the swept options, in their order. */
  readonly texts: readonly string[];
  readonly seed: number;
  readonly hasTarget: boolean;
  /** Virtual. */
  readonly wallSeconds: number;
  /**
   * How many times as long one trainer takes with the same options: until the target, if there is one,
   * otherwise until the end. `null` if the target was not reached, or no time passed.
   */
  readonly speedUp: number | null;
  /**
   * How many times as long it takes as without failures, until the same; `null` where it is the one
   * without, or for the reasons above.
   */
  readonly slowdown: number | null;
  /** Share of the trainers' time that was spent on results, 0 to 1; `null` if no time passed. */
  readonly utilization: number | null;
  /** Evaluations that were begun. */
  readonly attempts: number;
  /** Of these, the ones that nothing was learned from. */
  readonly wasted: number;
  /** Results that the search had. */
  readonly evaluations: number;
  readonly restarts: number;
  readonly meanAge: number;
  /** Evaluations that waited for a trainer, in the mean over time. */
  readonly meanWaiting: number;
  /** Virtual; `null` without a target, or if it was not reached. */
  readonly targetSeconds: number | null;
  /** Value of the winner. */
  readonly best: number;
  /** Why the search ended before its last generation; `null` if it did not. */
  readonly ended: string | null;
}

/** Put the rows of a sweep together, in the order of its cells. */
export function rowsOf(plan: SweepPlan, outcomes: readonly Outcome[]): SweepRow[] {
  return plan.cells.map(({ texts, seed, simulation, alone, undisturbed }) => {
    const outcome = outcomes[simulation]!;
    const hasTarget = plan.simulations[simulation]!.options.target !== undefined;
    const secondsOf = (simulation: number) =>
      outcomes[simulation]![hasTarget ? "targetSeconds" : "seconds"];
    const own = secondsOf(simulation);
    return {
      texts,
      seed,
      hasTarget,
      wallSeconds: outcome.seconds,
      speedUp: ratio(secondsOf(alone), own),
      slowdown: simulation === undisturbed ? null : ratio(own, secondsOf(undisturbed)),
      utilization: outcome.utilization,
      attempts: outcome.attempts,
      wasted: wastedIn(outcome.wasted),
      evaluations: outcome.evaluations,
      restarts: outcome.restarts,
      meanAge: outcome.ages.mean,
      meanWaiting: outcome.queue.mean,
      targetSeconds: outcome.targetSeconds,
      best: outcome.value,
      ended: outcome.ended,
    };
  });
}

/** The text of `sweep.csv`. */
export function sweepCsv({ axes }: SweepPlan, rows: readonly SweepRow[]): string {
  const options = axes.map(({ option }) => flagOf(option).slice(2).replaceAll("-", "_"));
  const table = rows.map((row) => ({
    ...Object.fromEntries(options.map((option, index) => [option, row.texts[index]!])),
    seed: row.seed,
    wall_seconds: rounded(row.wallSeconds),
    speed_up: rounded(row.speedUp),
    slowdown: rounded(row.slowdown),
    utilization: rounded(row.utilization),
    attempts: row.attempts,
    wasted: row.wasted,
    evaluations: row.evaluations,
    restarts: row.restarts,
    mean_age: rounded(row.meanAge),
    mean_waiting: rounded(row.meanWaiting),
    target_seconds: rounded(row.targetSeconds),
    best: row.best,
    ended: row.ended,
  }));
  return stringify(table, { columns: Object.keys(table[0]!) });
}

function ratio(above: number | null, below: number | null): number | null {
  return above === null || below === null || below === 0 ? null : above / below;
}

/** With six digits, which are the same on every machine. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
