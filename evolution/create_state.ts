import { type Box, outOfBox } from "./boundaries.ts";
import { decomposed, diagonalCovariance } from "./covariance.ts";
import { defaultPopulationSize, strategyParameters } from "./parameters.ts";
import type { State } from "./state.ts";

/** Where and how a search starts. */
export interface StateOptions {
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
  /** Whether bad candidates shrink the covariance matrix. Default true. */
  readonly active?: boolean;
  /** Initial standard deviations in units of sigma, length N, positive. Default all 1. */
  readonly scales?: readonly number[];
  /** The covariance to start from in units of sigma^2, N rows of N. Excludes `scales`. */
  readonly covariance?: readonly (readonly number[])[];
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
 * import { ask, createState, Random, tell } from "./mod.ts";
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
  const { mean, sigma, active = true, variant = "full" } = options;
  const n = mean.length;
  if (n < 1) fail(TypeError, "mean must have at least one coordinate", "an empty array");
  requireFinite("mean", mean);
  if (!(Number.isFinite(sigma) && sigma > 0)) {
    fail(RangeError, "sigma must be a positive number", sigma);
  }
  const populationSize = options.populationSize ?? defaultPopulationSize(n);
  if (!(Number.isInteger(populationSize) && populationSize >= 2)) {
    fail(RangeError, "populationSize must be an integer of at least 2", populationSize);
  }
  const parameters = strategyParameters(n, populationSize, {
    active,
    separable: variant === "separable",
  });
  const { eigenInterval = parameters.eigenInterval } = options;
  if (!(Number.isFinite(eigenInterval) && eigenInterval >= 0)) {
    fail(RangeError, "eigenInterval must be a number of at least 0", eigenInterval);
  }
  const box = createBox(n, options.bounds);
  requireInside(box, mean);
  return {
    dimension: n,
    parameters: { ...parameters, eigenInterval },
    box,
    mean: outOfBox(box, mean),
    sigma,
    initialSigma: sigma,
    covariance: initialCovariance(n, variant, options),
    pathSigma: new Array<number>(n).fill(0),
    pathC: new Array<number>(n).fill(0),
    version: 0,
    asked: 0,
    evaluations: 0,
    failures: 0,
    decomposedAt: 0,
    best: null,
    waiting: [],
    told: [],
    dropped: 0,
  };
}

function initialCovariance(
  n: number,
  variant: "full" | "separable",
  { scales, covariance }: StateOptions,
): State["covariance"] {
  if (scales !== undefined && covariance !== undefined) {
    fail(TypeError, "either scales or covariance may be given", "both");
  }
  if (covariance === undefined) {
    const lengths = scales ?? new Array<number>(n).fill(1);
    requireLength("scales", lengths, n);
    requireFinite("scales", lengths);
    const bad = lengths.find((length) => length <= 0);
    if (bad !== undefined) fail(RangeError, "scales must be positive", bad);
    return diagonalCovariance(variant, lengths);
  }
  requireLength("covariance", covariance, n);
  for (const row of covariance) {
    requireLength("each row of covariance", row, n);
    requireFinite("covariance", row);
  }
  if (variant === "separable") {
    return initialCovariance(n, variant, {
      mean: [],
      sigma: 1,
      scales: covariance.map((row, i) => Math.sqrt(row[i]!)),
    });
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (covariance[i]![j] !== covariance[j]![i]) {
        fail(RangeError, "covariance must be symmetric", `different values at ${i},${j}`);
      }
    }
  }
  const start = decomposed({ variant, matrix: covariance.flat(), axes: [], lengths: mean0(n) });
  if (!start.lengths.every((length) => length > 0)) {
    fail(RangeError, "covariance must be positive definite", "one that is not");
  }
  return start;
}

function mean0(n: number): number[] {
  return new Array<number>(n).fill(0);
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
  for (let i = 0; i < n; i++) {
    if (lower[i]! !== null && upper[i]! !== null && !(lower[i]! < upper[i]!)) {
      fail(
        RangeError,
        "every lower bound must be below the upper bound",
        `${lower[i]} and ${upper[i]} at coordinate ${i}`,
      );
    }
  }
  return { lower, upper };
}

function requireInside(box: Box | null, mean: readonly number[]): void {
  if (box === null) return;
  mean.forEach((value, i) => {
    const lower = box.lower[i]!;
    const upper = box.upper[i]!;
    if ((lower !== null && value < lower) || (upper !== null && value > upper)) {
      const range = `[${lower ?? "-inf"}, ${upper ?? "inf"}]`;
      fail(RangeError, "mean must lie inside the bounds", `${value} outside ${range} at ${i}`);
    }
  });
}

function requireLength(name: string, values: { readonly length: number }, n: number): void {
  if (values.length !== n) {
    fail(TypeError, `${name} must have one value per coordinate, ${n}`, values.length);
  }
}

function requireFinite(name: string, values: readonly number[]): void {
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) fail(RangeError, `${name} must hold finite numbers`, bad);
}

function fail(kind: ErrorConstructor, expected: string, received: unknown): never {
  throw new kind(`Cannot create state: ${expected}, received ${received}`);
}
