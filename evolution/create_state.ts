import { type Box, outOfBox } from "./boundaries.ts";
import { excessScales } from "./conditioning.ts";
import { covarianceFrom, identityCovariance, variancesOf } from "./covariance.ts";
import { emptyHistory } from "./history.ts";
import type { Cells } from "./integers.ts";
import { withinLimits } from "./limits.ts";
import {
  defaultPopulationSize,
  type ParameterOptions,
  type Parameters,
  strategyParameters,
} from "./parameters.ts";
import { unreachable } from "./soundness.ts";
import type { State } from "./state.ts";

/** Where and how a search starts. */
export interface StateOptions extends Omit<ParameterOptions, "separable"> {
  /** Start of the mean, length N at least 1, inside the bounds. */
  readonly mean: readonly number[];
  /** Initial step size, positive: about a third of the distance to where the optimum may be. */
  readonly sigma: number;
  /** Candidates per generation, an integer of at least 2. Default 4 + floor(3 ln N). */
  readonly populationSize?: number;
  /** Bounds, a number for all coordinates or one per coordinate; `null` is none. Default none. */
  readonly bounds?: {
    readonly lower: number | null | readonly (number | null)[];
    readonly upper: number | null | readonly (number | null)[];
  };
  /** Initial standard deviations in units of sigma, length N, positive. Default all 1. */
  readonly scales?: readonly number[];
  /** The covariance matrix to start from, in units of sigma and scales, N rows of N; a
   * separable search takes its diagonal. */
  readonly covariance?: readonly (readonly number[])[];
  /** Which coordinates are integers in disguise: length N, `null` for the others. Default none. */
  readonly integers?: readonly (number | Cells | null)[];
  /** "separable" learns variances only: for N above about 500. Default "full". */
  readonly variant?: "full" | "separable";
  /** Evaluations between two eigendecompositions. Default such that they cost O(N^2) each. */
  readonly eigenInterval?: number;
}

/**
 * The state before the first generation.
 *
 * @throws {TypeError} If an array has the wrong length.
 * @throws {RangeError} If a value is out of its range.
 *
 * @example One generation on the sphere
 * ```ts
 * import { ask, createState, Random, tell } from "@mddes/mddes/evolution";
 *
 * const start = createState({ mean: [1, 1, 1], sigma: 0.5 });
 * const [asked, candidates] = ask(start, new Random(1));
 * const results = candidates.map((candidate) => ({
 *   ...candidate,
 *   fitness: candidate.x.reduce((sum, value) => sum + value * value, 0),
 * }));
 * const next = tell(asked, results);
 * ```
 */
export function createState(options: StateOptions): State {
  const { mean, sigma, variant = "full" } = options;
  const n = mean.length;
  if (n < 1) fail(TypeError, "mean must have at least one coordinate", "an empty array");
  requireFinite("mean", mean);
  requirePositive("sigma", [sigma]);
  const initialScales = [...(options.scales ?? new Array<number>(n).fill(1))];
  requireLength("scales", initialScales, n);
  requirePositive("scales", initialScales);
  const parameters = createParameters(n, options);
  const box = createBox(n, options.bounds);
  requireInside(box, mean);
  const cells = createCells(n, options.integers);
  const [covariance, scales] = createCovariance(variant, initialScales, options.covariance);
  const unbounded = outOfBox(box, mean).map((value) => value + 0); // no -0, which JSON would lose
  const state = withinLimits({
    dimension: n,
    parameters,
    box,
    cells,
    mean: unbounded,
    sigma,
    initialSigma: sigma,
    scales,
    initialScales,
    covariance,
    pathSigma: new Array<number>(n).fill(0),
    pathC: new Array<number>(n).fill(0),
    version: 0,
    asked: 0,
    evaluations: 0,
    failures: 0,
    dropped: 0,
    waiting: [],
    told: [],
    decomposedAt: 0,
    best: null,
    history: emptyHistory(unbounded),
    overflowed: false,
    ...(parameters.mirrors ? { mirror: null } : {}),
  });
  requireReachable(state);
  return state;
}

function createParameters(n: number, options: StateOptions): Parameters {
  const { populationSize = defaultPopulationSize(n), variant } = options;
  if (!(Number.isInteger(populationSize) && populationSize >= 2)) {
    fail(RangeError, "populationSize must be an integer of at least 2", populationSize);
  }
  const separable = variant === "separable";
  const parameters = strategyParameters(n, populationSize, { ...options, separable });
  const { eigenInterval = parameters.eigenInterval } = options;
  if (!(Number.isFinite(eigenInterval) && eigenInterval >= 0)) {
    fail(RangeError, "eigenInterval must be a number of at least 0", eigenInterval);
  }
  return { ...parameters, eigenInterval };
}

/** The covariance and the scales; what is too far apart for the first goes into the second. */
function createCovariance(
  variant: "full" | "separable",
  scales: number[],
  matrix: StateOptions["covariance"],
): [State["covariance"], number[]] {
  const n = scales.length;
  if (matrix === undefined) return [identityCovariance(variant, n), scales];
  requireLength("covariance", matrix, n);
  for (const row of matrix) {
    requireLength("each row of covariance", row, n);
    requireFinite("covariance", row);
  }
  matrix.forEach((row, i) => {
    const j = row.findIndex((value, j) => j < i && value !== matrix[j]![i]);
    if (j >= 0) fail(RangeError, "covariance must be symmetric", `${row[j]} and ${matrix[j]![i]}`);
  });
  const variances = matrix.map((row, i) => row[i]!);
  requirePositive("the diagonal of covariance", variances);
  const covariance = covarianceFrom(variant, matrix);
  const factors = excessScales(variances, covariance.lengths);
  if (factors === null) return [covariance, scales];
  const correlations = matrix.map((row, i) =>
    row.map((value, j) => value / factors[i]! / factors[j]!)
  );
  requireFinite("the correlations of covariance", correlations.flat());
  return [covarianceFrom(variant, correlations), scales.map((scale, i) => scale * factors[i]!)];
}

function createBox(n: number, bounds: StateOptions["bounds"]): Box | null {
  if (bounds === undefined) return null;
  const perCoordinate = (name: string, bound: number | null | readonly (number | null)[]) => {
    const values = bound === null || typeof bound === "number"
      ? new Array<number | null>(n).fill(bound)
      : [...bound];
    requireLength(`bounds.${name}`, values, n);
    requireFinite(`bounds.${name}`, values.filter((value) => value !== null));
    return values;
  };
  const lower = perCoordinate("lower", bounds.lower);
  const upper = perCoordinate("upper", bounds.upper);
  const bad = lower.findIndex((low, i) => low !== null && upper[i]! !== null && low >= upper[i]!);
  if (bad >= 0) {
    const received = `${lower[bad]} and ${upper[bad]} at coordinate ${bad}`;
    fail(RangeError, "every lower bound must be below the upper one", received);
  }
  const far = lower.findIndex((low, i) => !(4 * ((upper[i] ?? 0) - (low ?? 0)) < Infinity));
  if (far >= 0) {
    const received = `${lower[far]} and ${upper[far]} at coordinate ${far}`;
    fail(RangeError, "four sides of the box must be a finite number", received);
  }
  return { lower, upper };
}

function createCells(n: number, integers: StateOptions["integers"]): State["cells"] {
  if (integers === undefined) return null;
  requireLength("integers", integers, n);
  const cells = integers.map((cell) => typeof cell === "number" ? { step: cell, origin: 0 } : cell);
  requirePositive("the steps of integers", cells.flatMap((cell) => cell === null ? [] : cell.step));
  requireFinite(
    "the origins of integers",
    cells.flatMap((cell) => cell === null ? [] : cell.origin),
  );
  return cells;
}

function requireInside(box: Box | null, mean: readonly number[]): void {
  mean.forEach((value, i) => {
    const [lower, upper] = [box?.lower[i] ?? -Infinity, box?.upper[i] ?? Infinity];
    if (value < lower || value > upper) {
      const received = `${value} outside [${lower}, ${upper}] at coordinate ${i}`;
      fail(RangeError, "mean must lie inside the bounds", received);
    }
  });
}

function requireReachable(state: State): void {
  const bad = unreachable(state);
  if (bad < 0) return;
  const deviation = state.sigma * state.scales[bad]! *
    Math.sqrt(variancesOf(state.covariance)[bad]!);
  fail(
    RangeError,
    "64-bit numbers must hold each deviation, and 1e10 of them around the mean",
    `mean ${state.mean[bad]} and deviation ${deviation} at coordinate ${bad}`,
  );
}

function requireLength(name: string, values: { readonly length: number }, n: number): void {
  if (values.length !== n) {
    fail(TypeError, `${name} must have one value per coordinate, ${n}`, values.length);
  }
}

function requireFinite(name: string, values: readonly number[]): void {
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) fail(RangeError, `${name} must be finite`, bad);
}

function requirePositive(name: string, values: readonly number[]): void {
  const bad = values.find((value) => !(Number.isFinite(value) && value > 0));
  if (bad !== undefined) fail(RangeError, `${name} must be positive`, bad);
}

function fail(kind: ErrorConstructor, expected: string, received: unknown): never {
  throw new kind(`Cannot create state: ${expected}, received ${received}`);
}
