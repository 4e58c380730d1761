/**
 * The measurer: evaluates an objective that a module of the user's exports.
 *
 * @module
 */
import type { Candidate, Measured } from "./protocol.ts";
import type { Start } from "./runtime/mod.ts";
import { slotBehavior, type SlotInit } from "./slot.ts";

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
 * @returns What is minimised. NaN and infinities count as failed.
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

/** Starts a measurer. */
export const start: Start<MeasurerInit, Candidate> = async (init) => {
  const { evaluate } = await import(init.evaluator) as { evaluate?: Objective };
  if (typeof evaluate !== "function") {
    throw new TypeError(
      `Cannot use ${init.evaluator}: expected a module that exports a function evaluate(x)`,
    );
  }
  return slotBehavior<Measured>("measure", init, "own", async ({ genome, seed }, context) => {
    const fitness = await evaluate(genome, { seed, heartbeat: () => context.heartbeat() });
    if (typeof fitness !== "number") {
      throw new TypeError(
        `Cannot use the result of evaluate in ${init.evaluator}: expected a number, received ` +
          `${typeof fitness}`,
      );
    }
    return { scores: { type: "Measured", fitness }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};
