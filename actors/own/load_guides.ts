/**
 * What guides a search on its own thread: its strategy, its stoppers and its pruner.
 *
 * @module
 */
import type { AnyStrategy } from "../../strategies/mod.ts";
import type { Pruner } from "../population/pruner.ts";
import type { Stopper } from "../population/stopper.ts";
import { loadPruner } from "./load_pruner.ts";
import { loadStoppers, type StopWish } from "./load_stoppers.ts";
import { loadStrategy, type StrategyWish } from "./load_strategy.ts";

/** Options that name the guides. */
export interface GuideWish extends StrategyWish, StopWish {
  /** `median`, or the path of a file that exports a function `pruner`. Default: none. */
  readonly pruner?: string | undefined;
}

/** The guides. */
export interface Guides {
  readonly strategy: AnyStrategy;
  readonly stoppers: readonly Stopper[];
  readonly pruner: Pruner | undefined;
  /** The options again, as `config.json` has them: files by their URLs. */
  readonly options: {
    readonly strategy: string;
    readonly stop?: string[];
    readonly pruner?: string;
  };
}

/**
 * Load what options name.
 *
 * @param reached Whether a best fitness, to be maximised, is the target or better.
 * @throws {ConfigurationError} If one of them is not there, or cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function loadGuides(
  wish: GuideWish,
  reached: (fitness: number, target: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<Guides> {
  const { location, strategy } = await loadStrategy(wish, signal);
  const { stop, stoppers } = await loadStoppers(wish, reached, signal);
  const pruner = wish.pruner === undefined ? undefined : await loadPruner(wish.pruner, signal);
  return {
    strategy,
    stoppers,
    pruner: pruner?.prune,
    options: {
      strategy: location,
      ...(stop && { stop }),
      ...(pruner && { pruner: pruner.name }),
    },
  };
}
