/**
 * The measurer: evaluates an objective that a module of the user's exports.
 *
 * @module
 */
import type { Candidate } from "./protocol.ts";
import type { Start } from "./runtime/mod.ts";
import { CertainFailure, slotBehavior, type SlotInit } from "./slot.ts";
import { loadFunction, type Wanted } from "./user_module.ts";

/** What an objective may use besides the point. */
export interface ObjectiveContext {
  /** A function of run seed and candidate alone: for an objective that draws random numbers. */
  readonly seed: number;
  /** Says that a long evaluation goes on; without it, it counts as hung after the lease. */
  readonly heartbeat: () => void;
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
  return slotBehavior(init, "own", async ({ genome, seed }, context) => {
    const value: unknown = await evaluate(genome, {
      seed,
      heartbeat: () => context.heartbeat(),
    });
    if (typeof value !== "number") {
      throw new CertainFailure(
        `Cannot use the result of evaluate in ${evaluator}: expected a number, received ` +
          typeof value,
      );
    }
    return { scores: { value }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};
