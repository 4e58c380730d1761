/**
 * An actor that simulates one search after the other, and tells what each came to.
 *
 * @module
 */
import type { Context, Message, Start } from "../../actors/runtime/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { Measurements } from "../result.ts";
import { simulate, type SimulateOptions } from "../simulate.ts";

/** Asks for a simulation; nothing is written. */
export interface Simulate extends Message {
  readonly type: "Simulate";
  readonly options: Omit<SimulateOptions, "directory" | "signal">;
}

/** What a simulation came to, in short. */
export interface Outcome extends Measurements {
  /** Results that the search had. */
  readonly evaluations: number;
  /** Of the winner, to be minimised. */
  readonly value: number;
  /** Why the search ended before its last generation; `null` if it did not. */
  readonly ended: string | null;
}

/** The answer to {@linkcode Simulate}. */
export type Simulated =
  | { readonly type: "Simulated"; readonly outcome: Outcome }
  /** It has no result, for a reason that lies in the options. */
  | { readonly type: "Refused"; readonly reason: string };

/** Starts one. */
export const start: Start<undefined, Simulate, Simulated> = () => ({
  receive: async ({ options }, context) => context.reply(await answer(options, context)),
});

async function answer(
  options: Simulate["options"],
  { signal }: Context<Simulate, Simulated>,
): Promise<Simulated> {
  try {
    await using run = simulate({ ...options, signal });
    const { x: _x, milestones, directory: _directory, ...outcome } = await run.result;
    const evaluations = milestones.at(-1)?.evaluations ?? 0;
    return { type: "Simulated", outcome: { ...outcome, evaluations } };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { type: "Refused", reason: error.message };
  }
}
