/**
 * The measurer: evaluates an objective that a module of the user's exports.
 *
 * @module
 */
import process from "node:process";
import type { Candidate, Measured } from "./protocol.ts";
import type { Clock, Start } from "./runtime/mod.ts";
import { CertainFailure, slotBehavior, type SlotInit } from "./slot.ts";

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

/** Long enough to fetch what a module imports; one that takes longer waits for what never comes. */
const LOAD_LIMIT_MS = 30_000;

/** Starts a measurer. */
export const start: Start<MeasurerInit, Candidate> = async (init, { clock }) => {
  const { evaluator } = init;
  const evaluate = await load(evaluator, clock);
  return slotBehavior<Measured>("measure", init, "own", async ({ genome, seed }, context) => {
    const fitness: unknown = await evaluate(genome, {
      seed,
      heartbeat: () => context.heartbeat(),
    });
    if (typeof fitness !== "number") {
      throw new CertainFailure(
        `Cannot use the result of evaluate in ${evaluator}: expected a number, received ` +
          typeof fitness,
      );
    }
    return { scores: { type: "Measured", fitness }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};

/** @throws {TypeError} If the module does not load, or exports no objective. One line. */
async function load(evaluator: string, clock: Clock): Promise<Objective> {
  const limit = Promise.withResolvers<never>();
  const cancelLimit = clock.setTimer(LOAD_LIMIT_MS, () => {
    limit.reject(new Error(`it was not loaded within ${LOAD_LIMIT_MS / 1000} s`));
  });
  const exit = Deno.exit;
  const nodeExit = process.exit;
  // Where a thread exits, what has imported it goes on as if it had exported nothing.
  Deno.exit = process.exit = (code) => {
    throw new Error(`it ended its process, with code ${code ?? 0}`);
  };
  try {
    const loading = import(evaluator) as Promise<{ evaluate?: Objective }>;
    const { evaluate } = await Promise.race([loading, limit.promise]);
    if (typeof evaluate === "function") return evaluate;
    throw new Error("expected a module that exports a function evaluate(x)");
  } catch (error) {
    throw new TypeError(`Cannot use ${evaluator}: ${oneLine(error)}`, { cause: error });
  } finally {
    Deno.exit = exit;
    process.exit = nodeExit;
    cancelLimit();
  }
}

/** What an error says and, of a mistake in the module's syntax, where. */
function oneLine(error: unknown): string {
  const whole = error instanceof Error ? error.message : Deno.inspect(error);
  const [text, ...lines] = whole.split("\n");
  const place = lines.find((line) => /^ *at file:/.test(line));
  return place === undefined ? text! : `${text} ${place.trim()}`;
}
