/**
 * An actor that rehearses plans, so that several cores can do it at the same time.
 *
 * @module
 */
import type { Start } from "../../actors/runtime/mod.ts";
import { ConfigurationError, flagOf } from "../../options.ts";
import type { FaultKind } from "./fault.ts";
import type { Breach } from "./invariants.ts";
import { drawPlan, type PlanChanges } from "./plan.ts";
import { rehearse } from "./rehearse.ts";

/** Asks for the rehearsal of a plan. */
export interface Rehearse {
  readonly type: "Rehearse";
  /** Of the plan. */
  readonly number: number;
  readonly changes: PlanChanges;
}

/** What it came to. */
export interface RehearsedPlan {
  readonly type: "RehearsedPlan";
  readonly number: number;
  readonly breach: Breach | undefined;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly evaluations: number;
  readonly processes: number;
}

/** The changes do not fit what was drawn. */
export interface RefusedPlan {
  readonly type: "RefusedPlan";
  readonly number: number;
  readonly reason: string;
}

/** Starts the actor. */
export const start: Start<undefined, Rehearse, RehearsedPlan | RefusedPlan> = () => ({
  async receive({ number, changes }, context) {
    try {
      const plan = await drawPlan(number, changes);
      const { breach, faults, evaluations, processes } = await rehearse(plan);
      context.reply({ type: "RehearsedPlan", number, breach, faults, evaluations, processes });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      context.reply({ type: "RefusedPlan", number, reason: error.messageWith(flagOf) });
    }
  },
});
