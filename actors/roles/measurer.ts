/**
 * The measurer: evaluates an objective that a module of the user's exports.
 *
 * @module
 */
import type { Candidate } from "../population/protocol.ts";
import type { Start } from "../runtime/mod.ts";
import { CertainFailure, slotBehavior, type SlotInit, type Work } from "../population/slot.ts";
import { loadFunction, type Wanted } from "../own/user_module.ts";

/** What any module that evaluates candidates may use. */
export interface EvaluationContext {
  /**
   * A function of run seed and candidate alone, or with `seeds: "common"` of run seed and generation:
   * for an objective that draws random numbers.
   */
  readonly seed: number;
  /** Says that a long evaluation goes on; without it, it counts as hung after the lease. */
  readonly heartbeat: () => void;
}

/** What only an objective may use: it can end early. */
export interface ObjectiveContext extends EvaluationContext {
  /**
   * Says how far the evaluation has come, and asks whether it is worth going on. Where the answer is
   * no, return anything: the candidate is pruned. Without the option `pruner`, and when finalists are
   * evaluated again, the answer is yes at once.
   *
   * @param step From 1, rising. Values at the same step are compared.
   * @param value What would be returned if the evaluation ended here, or an estimate of it. What is
   * not finite is the candidate's failure.
   */
  readonly report: (step: number, value: number) => Promise<boolean>;
}

/**
 * An objective: what a module exports as `evaluate`.
 *
 * @param x A point of the box, length N.
 * @returns What is minimised. NaN and infinities count as failed, and are not tried again; nor is what
 * is no number. What throws is tried again, up to `maxAttempts` times.
 */
export type Objective = (
  x: readonly number[],
  context: ObjectiveContext,
) => number | Promise<number>;

/** What a measurer starts from. */
export interface MeasurerInit extends SlotInit {
  /** URL of the module. */
  readonly evaluator: string;
}

const EVALUATE: Wanted = { name: "evaluate", expected: "a function evaluate(x)" };

/** Starts a measurer. */
export const start: Start<MeasurerInit, Candidate> = async (init, { clock }) => {
  const { evaluator } = init;
  const evaluate = await loadFunction<Objective>(evaluator, EVALUATE, clock);
  return slotBehavior(init, "own", async ({ genome, seed }, context, verdicts) => {
    const report = (step: number, value: number) => {
      requireReport(evaluator, step, value);
      return verdicts.goesOn(step, null, { value });
    };
    const heartbeat = () => context.heartbeat();
    const value: unknown = await evaluate(genome, { seed, heartbeat, report });
    const work = (scores: Work["scores"]): Work => ({ scores, images: 0, trainingMs: 0 });
    if (await verdicts.prunedAt()) return work({});
    if (typeof value !== "number") {
      throw new CertainFailure(
        `Cannot use the result of evaluate in ${evaluator}: expected a number, received ` +
          typeof value,
      );
    }
    return work({ value });
  }, () => Promise.resolve());
};

/** @throws {CertainFailure} If what an objective reports cannot be compared. */
function requireReport(evaluator: string, step: unknown, value: unknown): void {
  const isStep = Number.isSafeInteger(step) && step as number >= 1;
  if (isStep && Number.isFinite(value)) return;
  throw new CertainFailure(
    `Cannot use report(step, value) in ${evaluator}: expected ` +
      (isStep ? "a value that is a finite number" : "a step that is an integer from 1") +
      `, received ${Deno.inspect(isStep ? value : step)}`,
  );
}
