/**
 * The strategy that an option names.
 *
 * @module
 */
import { checkedStrategy } from "../../strategies/checked_strategy.ts";
import { type AnyStrategy, strategyByName, strategyNames } from "../../strategies/mod.ts";
import { restarting } from "../../strategies/restarting.ts";
import { ConfigurationError } from "../../options.ts";
import { withoutExit } from "./hold_exit.ts";
import { isModule, moduleUrl, ownFunction, refusalOf } from "./own_function.ts";

/** Options that say what a search learns with. */
export interface StrategyWish {
  /** A name, or the path of a file that exports a function `strategy`. */
  readonly strategy: string;
  /** Of `cma-es`. Default: none. */
  readonly restarts?: "ipop" | "bipop" | undefined;
}

/** A strategy, and what `config.json` calls it. */
export interface LoadedStrategy {
  /** A name, or the URL of a file. */
  readonly location: string;
  readonly strategy: AnyStrategy;
}

/**
 * Find a strategy.
 *
 * @throws {ConfigurationError} If there is none, or the file cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function loadStrategy(
  { strategy: text, restarts }: StrategyWish,
  signal: AbortSignal | undefined,
): Promise<LoadedStrategy> {
  if (restarts) return { location: text, strategy: restarting(restarts) };
  const known = strategyByName(text);
  if (known) return { location: text, strategy: known };
  if (!isModule(text)) {
    throw new ConfigurationError(
      (nameOf) =>
        `Option ${nameOf("strategy")} must be one of ${
          strategyNames.join(", ")
        } or the path of a file, ` +
        `received "${text}"`,
    );
  }
  const location = moduleUrl(text);
  const wanted = { name: "strategy", expected: "a function strategy()" };
  const make = await ownFunction<() => AnyStrategy>(location, wanted, signal);
  const refuse = refusalOf(`the strategy ${location}`);
  let strategy: AnyStrategy;
  try {
    strategy = withoutExit(make);
  } catch (error) {
    throw refuse("strategy failed", error);
  }
  return { location, strategy: checkedStrategy(strategy, withoutExit, refuse) };
}
