import { difference, medianOf } from "../averages.ts";
import { variancesOf } from "./covariance.ts";
import type { State } from "./state.ts";

/** Limits of the criteria, with pycma's names and defaults; `maxfevals` and the like are off. */
export interface StopOptions {
  /** Stop at this fitness or below. Default none. */
  readonly ftarget?: number;
  /** Results told. Default none. */
  readonly maxfevals?: number;
  /** Updates of the distribution. Default 100 + 150 (N + 3)^2 / sqrt(lambda). */
  readonly maxiter?: number;
  /** Seconds; the caller says in `elapsed` how many have passed. Default none. */
  readonly timeout?: number;
  /** Seconds since the start. Default 0. */
  readonly elapsed?: number;
  /** All deviations and the path of the covariance are smaller. Default 1e-11. */
  readonly tolx?: number;
  /** A deviation grew by more than this factor: sigma was far too small. Default 1e3. */
  readonly tolfacupx?: number;
  /** Sigma grew by more than this factor over the longest axis. Default 1e20. */
  readonly tolupsigma?: number;
  /**
   * The fitness range of this and of the last versions is smaller. Default 1e-11, and 0 where all
   * coordinates are integers: to them equal fitness is no convergence.
   */
  readonly tolfun?: number;
  /** The fitness range is smaller than this part of the progress of the median. Default 0. */
  readonly tolfunrel?: number;
  /** The range of the last best values is smaller. Default 1e-12, with integers as `tolfun`. */
  readonly tolfunhist?: number;
  /**
   * Versions with equally fit candidates that are tolerated. Default 1, and 3 + 30 p where a part p
   * of the coordinates is integers.
   */
  readonly tolflatfitness?: number;
  /**
   * Versions without progress of best and median. Default (1 + p) (100 + 100 N^1.5 / lambda), where a
   * part p of the coordinates is integers.
   */
  readonly tolstagnation?: number;
  /** Versions without a move of the mean: 20 and a tenth of all, times this. Default 1. */
  readonly tolxstagnation?: number;
  /** Condition number of the covariance matrix, in units of the scales. Default 1e14. */
  readonly tolconditioncov?: number;
}

/**
 * Why a search should stop: each criterion that is met, with the value that met it. Empty while the
 * search is healthy.
 */
export interface StopReasons {
  /** The best fitness reached the target. */
  readonly ftarget?: number;
  /** The budget of evaluations is used up. */
  readonly maxfevals?: number;
  /** The budget of updates is used up. */
  readonly maxiter?: number;
  /** The time is used up. */
  readonly timeout?: number;
  /** The largest deviation: the distribution has shrunk to a point. */
  readonly tolx?: number;
  /** The largest growth of a deviation. */
  readonly tolfacupx?: number;
  /** The growth of sigma over the longest axis. */
  readonly tolupsigma?: number;
  /** The fitness range of this and of the last versions. */
  readonly tolfun?: number;
  /** The fitness range of this version. */
  readonly tolfunrel?: number;
  /** The range of the last best values. */
  readonly tolfunhist?: number;
  /** Versions in a row with equally fit candidates. */
  readonly tolflatfitness?: number;
  /** Versions over which best and median made no progress. */
  readonly tolstagnation?: number;
  /** Versions since the mean moved. */
  readonly tolxstagnation?: number;
  /** The condition number. */
  readonly tolconditioncov?: number;
  /** The axis along which a tenth of its deviation no longer changes the mean. */
  readonly noeffectaxis?: number;
  /** The coordinate that a fifth of its deviation no longer changes. */
  readonly noeffectcoord?: number;
  /** An update overflowed and was left out at this version. */
  readonly overflow?: number;
}

/**
 * Checks all stopping criteria.
 *
 * @param state The state after a tell.
 * @param options Limits that differ from the defaults.
 */
export function shouldStop(state: State, options: StopOptions = {}): StopReasons {
  const met: [keyof StopReasons, number][] = [
    ...budgetReasons(state, options),
    ...distributionReasons(state, options),
    ...fitnessReasons(state, options),
  ];
  // a ratio of two finite numbers may be none, which JSON would lose
  return Object.fromEntries(met.map(([name, value]) => [name, Math.min(value, Number.MAX_VALUE)]));
}

type Reasons = [keyof StopReasons, number][];

function budgetReasons(state: State, options: StopOptions): Reasons {
  const { dimension: n, parameters: { populationSize }, evaluations, version, best } = state;
  const { ftarget, maxfevals, timeout, elapsed = 0 } = options;
  const { maxiter = 100 + Math.floor(150 * (n + 3) ** 2 / Math.sqrt(populationSize)) } = options;
  const reasons: Reasons = [];
  if (ftarget !== undefined && best !== null && best.fitness <= ftarget) {
    reasons.push(["ftarget", best.fitness]);
  }
  if (maxfevals !== undefined && evaluations >= maxfevals) reasons.push(["maxfevals", evaluations]);
  if (version >= maxiter) reasons.push(["maxiter", version]);
  if (timeout !== undefined && elapsed >= timeout) reasons.push(["timeout", elapsed]);
  return reasons;
}

function distributionReasons(state: State, options: StopOptions): Reasons {
  const { sigma, scales, initialSigma, initialScales, covariance, mean, pathC, version } = state;
  const { tolx = 1e-11, tolfacupx = 1e3, tolupsigma = 1e20, tolconditioncov = 1e14 } = options;
  const { tolxstagnation = 1 } = options;
  const deviations = variancesOf(covariance).map((v, i) => sigma * scales[i]! * Math.sqrt(v));
  const reasons: Reasons = [];

  const largest = maximum(deviations);
  const path = maximum(pathC.map((value, i) => Math.abs(sigma * scales[i]! * value)));
  if (largest < tolx && path < tolx) reasons.push(["tolx", largest]);
  const growth = maximum(deviations.map((d, i) => d / (initialSigma * initialScales[i]!)));
  if (growth > tolfacupx) reasons.push(["tolfacupx", growth]);

  const longest = maximum(covariance.lengths);
  const shortest = covariance.lengths.reduce((a, b) => Math.min(a, b));
  const creeping = sigma / longest / initialSigma;
  if (creeping > tolupsigma) reasons.push(["tolupsigma", creeping]);
  const condition = (longest / shortest) ** 2;
  if (condition > tolconditioncov) reasons.push(["tolconditioncov", condition]);

  const coordinate = mean.findIndex((value, i) => value === value + 0.2 * deviations[i]!);
  if (coordinate >= 0) reasons.push(["noeffectcoord", coordinate]);
  const axis = version % state.dimension;
  if (mean.every((value, i) => value === value + 0.1 * sigma * axisStep(state, axis, i))) {
    reasons.push(["noeffectaxis", axis]);
  }
  const still = version - state.history.anchorVersion;
  if (still > tolxstagnation * (20 + 0.1 * version)) reasons.push(["tolxstagnation", still]);
  if (state.overflowed) reasons.push(["overflow", version]);
  return reasons;
}

/** Coordinate i of the k-th axis times its length, in unbounded coordinates per sigma. */
function axisStep({ covariance, scales, dimension }: State, k: number, i: number): number {
  const length = covariance.lengths[k]!;
  if (covariance.variant === "separable") return i === k ? scales[i]! * length : 0;
  return scales[i]! * covariance.axes[k * dimension + i]! * length;
}

function fitnessReasons(state: State, options: StopOptions): Reasons {
  const { history, dimension: n, version, best, parameters: { populationSize } } = state;
  // pycma's defaults, also those for integers
  const integers = state.cells?.filter((cells) => cells !== null).length ?? 0;
  const smallest = integers === n ? 0 : 1;
  const { tolfun = 1e-11 * smallest, tolfunhist = 1e-12 * smallest, tolfunrel = 0 } = options;
  const { tolflatfitness = integers === 0 ? 1 : 3 + 30 * integers / n } = options;
  // twice as patient where all are integers: the last of them may take long to change
  const patience = (1 + integers / n) * (100 + 100 * n ** 1.5 / populationSize);
  const { tolstagnation = Math.floor(patience) } = options;
  const { range, recent } = history;
  if (range === null || best === null) return [];
  const reasons: Reasons = [];

  const recentRange = difference(maximum(recent), recent.reduce((a, b) => Math.min(a, b)));
  if (range < tolfun && recentRange < tolfun) {
    reasons.push(["tolfun", Math.max(range, recentRange)]);
  }
  const { firstMedian, lowestMedian } = history;
  const progress = firstMedian === null ? 0 : difference(firstMedian, lowestMedian!);
  if (range < tolfunrel * progress) reasons.push(["tolfunrel", range]);
  if (recent.length > 9 && recentRange < tolfunhist) reasons.push(["tolfunhist", recentRange]);
  if (history.flat > tolflatfitness) reasons.push(["tolflatfitness", history.flat]);

  // two windows of a tenth of the run or more; the history holds every fifth version
  const window = Math.floor(Math.max(tolstagnation / 10, history.best.length / 10));
  const settled = version > n * (5 + 100 / populationSize) &&
    version - best.version > tolstagnation / 2 &&
    history.best.length > Math.max(100, 2 * window);
  const stalled = (values: readonly number[]) =>
    medianOf(values.slice(-window)) >= medianOf(values.slice(-2 * window, -window));
  if (settled && stalled(history.median) && stalled(history.best)) {
    reasons.push(["tolstagnation", version - best.version]);
  }
  return reasons;
}

function maximum(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}
