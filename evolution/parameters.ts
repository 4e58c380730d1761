/** The constants of one run: they follow from the dimension and the population size. */
export interface Parameters {
  /** Candidates per generation, lambda. */
  readonly populationSize: number;
  /** One weight per rank, best first. The positive ones sum to 1; the others are 0 or negative. */
  readonly weights: readonly number[];
  /** Number of positive weights. */
  readonly mu: number;
  /** Variance-effective number of parents, 1 / sum of squared positive weights. */
  readonly muEff: number;
  /** Learning rate of the evolution path of the covariance matrix. */
  readonly cc: number;
  /** Learning rate of the evolution path of the step size. */
  readonly cs: number;
  /** Learning rate of the rank-one update. */
  readonly c1: number;
  /** Learning rate of the rank-mu update. */
  readonly cMu: number;
  /** Damping of the step size. */
  readonly damping: number;
  /** Whether the step size follows the squared length of its path, or the length. */
  readonly stepSizeRule: "length" | "squared length";
  /** Evaluations between two eigendecompositions, so that they cost O(N^2) per evaluation. */
  readonly eigenInterval: number;
  /** Whether the next population begins with the mirror image of the worst. Absent: no. */
  readonly mirrors?: true;
}

/** What {@linkcode strategyParameters} may vary. */
export interface ParameterOptions {
  /** Whether bad candidates shrink the covariance matrix (negative weights). Default true. */
  readonly active?: boolean;
  /** Whether only the variances are learned, with faster rates. Default false. */
  readonly separable?: boolean;
  /**
   * Whose constants to use: those of pycma's `CMAEvolutionStrategy`, or those of its small reference
   * implementation `purecma`, which needs about 6 % more evaluations. Default "pycma".
   */
  readonly constants?: "pycma" | "purecma";
  /**
   * Whether a population below 5 begins with the mirror image of the worst candidate before it (see
   * `mirrors.ts`). Default true with pycma's constants; `purecma` has no mirrors.
   */
  readonly mirrors?: boolean;
}

/** The largest population that has mirrors: a larger one has enough candidates of its own. */
const LARGEST_MIRRORED = 4;

/**
 * The default population size, 4 + floor(3 ln N).
 *
 * @param dimension The number of coordinates N, at least 1.
 */
export function defaultPopulationSize(dimension: number): number {
  return 4 + Math.floor(3 * Math.log(dimension));
}

/**
 * Strategy parameters after Hansen's tutorial (arXiv 1604.00772), from which both sets of constants
 * differ in details.
 *
 * @param dimension The number of coordinates N, at least 1.
 * @param populationSize lambda, at least 2.
 */
export function strategyParameters(
  dimension: number,
  populationSize: number,
  options: ParameterOptions = {},
): Parameters {
  const n = dimension;
  const lambda = populationSize;
  const { active = true, separable = false, constants = "pycma", mirrors = true } = options;
  const pure = constants === "purecma";
  const mirrored = mirrors && !pure && lambda <= LARGEST_MIRRORED;
  const mu = Math.floor(lambda / 2);
  // eq. 49; without negative weights purecma takes mu + 1/2 in place of (lambda + 1) / 2
  const shape = Math.log(pure && !active ? mu + 0.5 : (lambda + 1) / 2);
  const raw = Array.from({ length: lambda }, (_, i) => shape - Math.log(i + 1));
  const positive = raw.slice(0, mu);
  const negative = raw.slice(mu).map((weight) => Math.min(weight, 0));
  const muEff = sum(positive) ** 2 / sumOfSquares(positive);

  const cc = (4 + muEff / n) / (n + 4 + 2 * muEff / n); // eq. 56
  const cs = (muEff + 2) / (n + muEff + (pure ? 5 : 3)); // eq. 55
  // Ros and Hansen 2008: N variances are learned (N + 2) / 3 times faster than a full matrix
  const rate = separable ? (n + 2) / 3 : 1;
  const c1 = rate * (pure ? 1 : Math.min(1, lambda / 6)) * 2 / ((n + 1.3) ** 2 + muEff); // eq. 57
  const cMu = Math.min( // eq. 58
    1 - c1,
    rate * 2 * ((pure ? 0 : 0.25) + muEff - 2 + 1 / muEff) / ((n + 2) ** 2 + muEff),
  );
  const negativeSum = active ? sumOfNegativeWeights(n, c1, cMu, muEff, negative) : 0;
  return {
    populationSize: lambda,
    weights: [
      ...positive.map((weight) => weight / sum(positive)),
      ...negative.map((weight) =>
        weight === 0 || negativeSum === 0 ? 0 : negativeSum * weight / -sum(negative)
      ),
    ],
    mu,
    muEff,
    cc,
    cs,
    c1,
    cMu,
    damping: pure
      ? 2 * muEff / lambda + 0.3 + cs
      : (mirrored ? 0.5 + Math.min(1, (1 / (0.159 * lambda) - 1) ** 2) / 2 : 1) + // pycma's
        2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cs, // eq. 55
    stepSizeRule: pure ? "squared length" : "length",
    eigenInterval: separable ? 0 : 0.5 * lambda / ((c1 + cMu) * n),
    ...(mirrored ? { mirrors: true } : {}),
  };
}

/** The constants of the same strategy with another population size; the eigeninterval stays. */
export function withPopulation(
  parameters: Parameters,
  populationSize: number,
  { dimension, separable }: { readonly dimension: number; readonly separable: boolean },
): Parameters {
  if (populationSize === parameters.populationSize) return parameters;
  const active = parameters.weights.some((weight) => weight < 0);
  const constants = parameters.stepSizeRule === "length" ? "pycma" : "purecma";
  const options = { active, separable, constants, mirrors: parameters.mirrors ?? false } as const;
  const { eigenInterval } = parameters;
  return { ...strategyParameters(dimension, populationSize, options), eigenInterval };
}

/** Eqs. 50 to 53: the absolute sum that keeps the matrix positive definite and its scale unbiased. */
function sumOfNegativeWeights(
  n: number,
  c1: number,
  cMu: number,
  muEff: number,
  negative: readonly number[],
): number {
  const muEffMinus = sum(negative) ** 2 / sumOfSquares(negative);
  return Math.min(
    1 + c1 / cMu,
    (1 - c1 - cMu) / (n * cMu),
    1 + 2 * muEffMinus / (muEff + 2),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((total, value) => total + value * value, 0);
}
