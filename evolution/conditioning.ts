import { decomposed, dividedBy, standardize, unstandardize, variancesOf } from "./covariance.ts";
import type { Result, State } from "./state.ts";

/** The condition of C up to which nothing moves; the eigenvalues of a matrix are sure to 1e15. */
const MAX_CONDITION = 1e12;

/** How many times the smallest variance the largest must be for a move to be worth while. */
const MIN_SPREAD = 100;

/** How far from 1 a variance of C may be: its square must still be a number. */
const MAX_SIZE = 1e100;

/**
 * What the coordinates of a covariance matrix should be divided by, so that numbers can hold its
 * eigenvalues: their deviations, or `null` where it is well enough as it is.
 *
 * @param variances The diagonal of the matrix, length N.
 * @param lengths The deviations along its axes, length N.
 */
export function excessScales(
  variances: readonly number[],
  lengths: readonly number[],
): number[] | null {
  const largest = maximum(variances);
  const smallest = minimum(variances);
  if (!(smallest > 0)) return null;
  const spread = largest / smallest > MIN_SPREAD &&
    (maximum(lengths) / minimum(lengths)) ** 2 > MAX_CONDITION;
  return spread || largest > MAX_SIZE || smallest < 1 / MAX_SIZE ? variances.map(Math.sqrt) : null;
}

/**
 * The same distribution, with the deviations of C moved into the scales if C would otherwise soon be
 * singular in 64-bit numbers (pycma does so at other limits). What is left of C is a correlation
 * matrix, so a search can follow coordinates whose scales differ by far more than 1e7. The paths go
 * along; the one of the step size keeps its length.
 *
 * @param state A state with the eigensystem of its covariance.
 */
export function conditioned(state: State): State {
  const { covariance, scales, pathSigma, pathC, version, rescalings = [] } = state;
  const factors = excessScales(variancesOf(covariance), covariance.lengths);
  if (factors === null) return state;
  const correlation = decomposed(dividedBy(covariance, factors));
  const divided = (values: readonly number[]) => values.map((value, i) => value / factors[i]!);
  return {
    ...state,
    covariance: correlation,
    scales: scales.map((scale, i) => scale * factors[i]!),
    pathSigma: standardize(correlation, divided(unstandardize(covariance, pathSigma))),
    pathC: divided(pathC),
    rescalings: [...rescalings, { version, factors }],
  };
}

/** The step of a result in units of the scales of now, which may have moved since it was drawn. */
export function stepInScales({ rescalings = [] }: State, result: Result): readonly number[] {
  return rescalings
    .filter(({ version }) => result.version < version)
    .reduce<readonly number[]>(
      (step, { factors }) => step.map((value, i) => value / factors[i]!),
      result.step,
    );
}

function maximum(values: readonly number[]): number {
  return values.reduce((a, b) => a > b ? a : b);
}

function minimum(values: readonly number[]): number {
  return values.reduce((a, b) => a < b ? a : b);
}
