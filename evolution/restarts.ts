import type { Random } from "../random.ts";

/** How to restart when a search has stopped, and what was spent so far. Plain data. */
export interface Restarts {
  /**
   * `ipop` doubles the population with every restart (Auger and Hansen 2005). `bipop` does the same
   * and spends as much again on short runs with small populations and small steps (Hansen 2009).
   */
  readonly strategy: "ipop" | "bipop";
  /** The population size of the first run. */
  readonly populationSize: number;
  /** The initial step size of the first run. */
  readonly sigma: number;
  /** Restarts with a larger population that are still allowed. */
  readonly left: number;
  /** The kind of the run that goes on, or `null` before the first. */
  readonly running: Run["kind"] | null;
  /** Restarts with a larger population so far. */
  readonly doublings: number;
  /** Evaluations of the runs with larger populations. */
  readonly largeEvaluations: number;
  /** Evaluations of the other runs, the first one included. */
  readonly smallEvaluations: number;
}

/** What to start a run with. */
export interface Run {
  /** The first run, one with a doubled population, or a small one between those. */
  readonly kind: "first" | "large" | "small";
  /** Candidates per generation. */
  readonly populationSize: number;
  /** The initial step size. */
  readonly sigma: number;
  /** The evaluations after which a small run should give up, or `null`. */
  readonly maxEvaluations: number | null;
}

/**
 * Restarts before the first run.
 *
 * @param first The first run's population size and step size.
 * @param strategy Default "bipop".
 * @param maxRestarts Restarts with a larger population, an integer of at least 0. Default 9.
 * @throws {RangeError} If `maxRestarts` is not an integer of at least 0.
 */
export function createRestarts(
  first: { readonly populationSize: number; readonly sigma: number },
  options: { readonly strategy?: Restarts["strategy"]; readonly maxRestarts?: number } = {},
): Restarts {
  const { strategy = "bipop", maxRestarts = 9 } = options;
  if (!(Number.isInteger(maxRestarts) && maxRestarts >= 0)) {
    throw new RangeError(
      `Cannot plan restarts: maxRestarts must be an integer of at least 0, received ${maxRestarts}`,
    );
  }
  return {
    strategy,
    populationSize: first.populationSize,
    sigma: first.sigma,
    left: maxRestarts,
    running: null,
    doublings: 0,
    largeEvaluations: 0,
    smallEvaluations: 0,
  };
}

/**
 * What to run next. Start it from another point of the search space than the run before.
 *
 * @param evaluations The evaluations of the run that has just ended; 0 before the first.
 * @param random Decides the sizes of small runs.
 * @returns The restarts and the run, or `null` if none is left.
 */
export function nextRun(
  restarts: Restarts,
  evaluations: number,
  random: Random,
): [Restarts, Run] | null {
  const { populationSize, sigma, running } = restarts;
  const large = restarts.largeEvaluations + (running === "large" ? evaluations : 0);
  const small = restarts.smallEvaluations + (running === "large" ? 0 : evaluations);
  const counted = { ...restarts, largeEvaluations: large, smallEvaluations: small };
  if (running === null) {
    const run: Run = { kind: "first", populationSize, sigma, maxEvaluations: null };
    return [{ ...counted, running: "first" }, run];
  }
  if (restarts.strategy === "bipop" && small < large) {
    const largest = 2 ** restarts.doublings;
    const run: Run = {
      kind: "small",
      populationSize: Math.floor(populationSize * (largest / 2) ** (random.uniform() ** 2)),
      sigma: sigma * 10 ** (-2 * random.uniform()),
      maxEvaluations: Math.floor(large / 2),
    };
    return [{ ...counted, running: "small" }, run];
  }
  if (restarts.left === 0) return null;
  const doublings = restarts.doublings + 1;
  const run: Run = {
    kind: "large",
    populationSize: populationSize * 2 ** doublings,
    sigma,
    maxEvaluations: null,
  };
  return [{ ...counted, running: "large", doublings, left: restarts.left - 1 }, run];
}
