/**
 * The stoppers that options name.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { withoutExit } from "./hold_exit.ts";
import { isModule, moduleUrl, ownFunction, refusalOf } from "./own_function.ts";
import type { Stopper } from "../population/stopper.ts";

/** Options that end a search before its last generation. */
export interface StopWish {
  /** `converged`, names of criteria, or paths of files. */
  readonly stop?: readonly string[] | undefined;
  readonly target?: number | undefined;
  readonly maxSeconds?: number | undefined;
}

/** Stoppers, and what `config.json` calls those that are files. */
export interface LoadedStoppers {
  readonly stop: string[] | undefined;
  readonly stoppers: readonly Stopper[];
}

/** Criteria of CMA-ES that a search may end at (pycma's names). */
const CRITERIA: readonly string[] = [
  "tolx",
  "tolfacupx",
  "tolupsigma",
  "tolfun",
  "tolfunhist",
  "tolflatfitness",
  "tolstagnation",
  "tolxstagnation",
  "tolconditioncov",
  "noeffectaxis",
  "noeffectcoord",
  "overflow",
];

/**
 * The stoppers that options name.
 *
 * @param reached Whether a best fitness, to be maximised, is the target or better.
 * @throws {ConfigurationError} If one is no criterion, or its file cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function loadStoppers(
  { stop, target, maxSeconds }: StopWish,
  reached: (fitness: number, target: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<LoadedStoppers> {
  const stoppers: Stopper[] = [];
  if (target !== undefined) {
    stoppers.push(({ bestSoFar }) =>
      bestSoFar !== null && reached(bestSoFar, target)
        ? `the target ${target} is reached`
        : undefined
    );
  }
  if (maxSeconds !== undefined) {
    stoppers.push((_, { elapsedSeconds }) =>
      elapsedSeconds >= maxSeconds ? `${maxSeconds} seconds are over` : undefined
    );
  }
  const locations: string[] = [];
  for (const text of stop ?? []) {
    if (text === "converged" || CRITERIA.includes(text)) {
      locations.push(text);
      stoppers.push((_, { converged }) => {
        const met = Object.entries(converged).find(([name]) =>
          text === "converged" || name === text
        );
        return met && `${met[0]} is met, with ${met[1]}`;
      });
    } else if (isModule(text)) {
      const location = moduleUrl(text);
      const wanted = { name: "stopper", expected: "a function stopper()" };
      const make = await ownFunction<() => Stopper>(location, wanted, signal);
      locations.push(location);
      stoppers.push(checkedStopper(location, make));
    } else {
      throw new ConfigurationError(
        (nameOf) =>
          `Option ${nameOf("stop")} must be a list of converged, ${
            CRITERIA.join(", ")
          } or paths of files, ` +
          `received "${text}"`,
      );
    }
  }
  return { stop: stop && locations, stoppers };
}

/** What is wrong with a stopper of the user's own is one line. */
function checkedStopper(location: string, make: () => Stopper): Stopper {
  const refuse = refusalOf(`the stopper ${location}`);
  const call = <T>(what: string, step: () => T): T => {
    try {
      return withoutExit(step);
    } catch (error) {
      throw refuse(`${what} failed`, error);
    }
  };
  const stopper = call("stopper", make);
  if (typeof stopper !== "function") {
    throw refuse(`expected stopper() to give a function, received ${typeof stopper}`);
  }
  return (done, context) => {
    // A copy: what it writes there must not get into the CSV files.
    const seen = structuredClone({ done, context });
    const reason: unknown = call("it", () => stopper(seen.done, seen.context));
    if (reason === undefined || typeof reason === "string") return reason;
    throw refuse(`expected a text or undefined, received ${Deno.inspect(reason)}`);
  };
}
