/**
 * The pruner: ends candidates early that are not worth going on with.
 *
 * @module
 */
import { medianOf } from "../averages.ts";
import { ConfigurationError } from "../options.ts";
import { locateModule } from "./locate_module.ts";
import type { Scores } from "./protocol.ts";
import type { EarlierReport } from "./report_history.ts";
import { ownFunction } from "./own_function.ts";

/** How far a candidate has come. */
export interface CandidateProgress {
  /** In which it was drawn, from 0. */
  readonly generation: number;
  /** Its number in the generation, from 0. */
  readonly candidate: number;
  /** From 1; of a search, epochs of its training. */
  readonly step: number;
  /** How many steps there will be; `null` of an objective, which does not say. */
  readonly steps: number | null;
  /**
   * What would count in the fitness if it ended here, to be maximised: of a search, an estimate of
   * the semantic mismatch times its weight; of `minimize`, the reported value with the sign turned.
   */
  readonly value: number;
  /** What was reported: of a search `mismatch`, the estimate, and `trainLoss`; else `value`. */
  readonly scores: Scores;
}

/**
 * A pruner: what a module exports as `pruner`. It is asked in the thread that conducts the run, so it
 * must be quick; and it must depend on nothing but its arguments, so that the same seed gives the
 * same results.
 *
 * @param progress Of the candidate.
 * @param history What candidates of completed generations reported at the same step, in the order of
 * (generation, candidate). May be empty.
 * @returns Whether to prune: to end the candidate, which then ranks last, as one that failed.
 */
export type Pruner = (
  progress: CandidateProgress,
  history: readonly EarlierReport[],
) => boolean;

/** Fewer values say too little about the others. */
const FEWEST_VALUES = 5;

/** Prunes what is worse than the median of those before it, once there are five. */
export const median: Pruner = ({ value }, history) => {
  if (history.length < FEWEST_VALUES) return false;
  return value < medianOf(history.map((report) => report.value));
};

/** A pruner, and how `config.json` names it. */
export interface NamedPruner {
  /** `median`, or the URL of a module. */
  readonly name: string;
  readonly prune: Pruner;
}

/**
 * The pruner that an option names.
 *
 * @param option `median`, or the path or URL of a module.
 * @throws {ConfigurationError} If the module cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function loadPruner(
  option: string,
  signal: AbortSignal | undefined,
): Promise<NamedPruner> {
  if (option === "median") return { name: option, prune: median };
  const name = locateModule(option);
  if (name === undefined) {
    throw new ConfigurationError(
      `Cannot use the pruner ${option}: expected median or the path of a file; there is no such file`,
    );
  }
  const wanted = { name: "pruner", expected: "a function pruner(progress, history)" };
  return { name, prune: checked(await ownFunction<Pruner>(name, wanted, signal), name) };
}

/** A pruner of the user's, whose mistakes are one line. */
function checked(pruner: Pruner, name: string): Pruner {
  return (progress, history) => {
    const { generation, candidate, step } = progress;
    const refuse = (why: string, cause?: unknown) =>
      new ConfigurationError(
        `Cannot use the pruner ${name} for candidate ${generation}/${candidate} at step ${step}: ` +
          why.split("\n")[0],
        { cause },
      );
    let verdict: unknown;
    try {
      verdict = pruner(progress, history);
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : Deno.inspect(error), error);
    }
    if (typeof verdict === "boolean") return verdict;
    throw refuse(`expected true or false, received ${Deno.inspect(verdict)}`);
  };
}
