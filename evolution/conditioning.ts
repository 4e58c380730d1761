import { decomposed, dividedBy, standardize, unstandardize, variancesOf } from "./covariance.ts";
import type { Result, State } from "./state.ts";

/** How many times the smallest variance of C the largest may be (pycma's limit). */
const MAX_SPREAD = 1e8;

/** How far from 1 a variance of C may be: its square must still be a number. */
const MAX_SIZE = 1e100;

/** For how many versions a move is remembered: results older than that are dropped. */
const MEMORY = 200;

/**
 * What the coordinates of a covariance matrix should be divided by, so that numbers can hold its
 * eigenvalues: their deviations, or `null` where the variances are close enough to each other.
 *
 * @param variances The diagonal of the matrix, length N.
 */
export function excessScales(variances: readonly number[]): number[] | null {
  const largest = variances.reduce((a, b) => Math.max(a, b));
  const smallest = variances.reduce((a, b) => Math.min(a, b));
  if (!(smallest > 0)) return null;
  const close = largest / smallest <= MAX_SPREAD;
  return close && largest <= MAX_SIZE && smallest >= 1 / MAX_SIZE ? null : variances.map(Math.sqrt);
}

/**
 * The same distribution, with the deviations of C moved into the scales if they are so far apart that
 * C would soon be singular in 64-bit numbers. What is left of C is a correlation matrix, so a search
 * can follow coordinates whose scales differ by far more than 1e8. The paths go along; the one of the
 * step size keeps its length.
 *
 * @param state A state with the eigensystem of its covariance.
 */
export function conditioned(state: State): State {
  const { covariance, scales, pathSigma, pathC, version, rescalings = [] } = state;
  const factors = excessScales(variancesOf(covariance));
  if (factors === null) return state;
  const correlation = decomposed(dividedBy(covariance, factors));
  const divided = (values: readonly number[]) => values.map((value, i) => value / factors[i]!);
  return {
    ...state,
    covariance: correlation,
    scales: scales.map((scale, i) => scale * factors[i]!),
    pathSigma: standardize(correlation, divided(unstandardize(covariance, pathSigma))),
    pathC: divided(pathC),
    rescalings: [
      ...rescalings.filter((move) => move.version > version - MEMORY),
      { version, factors },
    ],
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
