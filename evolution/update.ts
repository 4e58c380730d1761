import { conditioned } from "./conditioning.ts";
import { decomposed, standardize, type Term, whiten, withTerms } from "./covariance.ts";
import { recorded } from "./history.ts";
import { centered } from "./integers.ts";
import { withinLimits } from "./limits.ts";
import { succeeded } from "./results.ts";
import { isSound, unreachable } from "./soundness.ts";
import type { Result, State } from "./state.ts";

/**
 * The next version of the distribution, from a population of ranked results. If none of them
 * succeeded, or if a number overflows, the distribution stays as it was.
 *
 * @param state The version before, with the results already counted.
 * @param ranked As many results as the population size, best first.
 * @param weights One weight per rank. Default the strategy's.
 */
export function updated(
  state: State,
  ranked: readonly Result[],
  weights: readonly number[] = state.parameters.weights,
): State {
  const next = { ...state, version: state.version + 1, asked: 0 };
  const fitness = ranked.filter(succeeded).map((result) => result.fitness + 0);
  if (fitness.length === 0) return next;
  const { mu } = state.parameters;
  const population = [...centered(state, ranked.slice(0, mu)), ...ranked.slice(mu)];
  const adapted = adaptedDistribution(next, population, weights);
  if (adapted === null) return { ...next, overflowed: true };
  const memory = 10 + Math.ceil(30 * state.dimension / state.parameters.populationSize);
  const limited = withinLimits({
    ...adapted,
    history: recorded(
      state.history,
      fitness,
      ranked.length,
      adapted.mean,
      adapted.version,
      memory,
    ),
  });
  return unreachable(limited) < 0 ? limited : { ...next, overflowed: true };
}

/** Tutorial figure 6: mean, paths, covariance and step size. `null` if a number overflows. */
function adaptedDistribution(
  state: State,
  ranked: readonly Result[],
  weights: readonly number[],
): State | null {
  const { cc, cs, c1, cMu, mu, damping } = state.parameters;
  const { sigma, scales, covariance, dimension: n, version } = state;
  // the effective number of parents where staleness has changed the weights
  const muEff = 1 / weights.slice(0, mu).reduce((sum, weight) => sum + weight * weight, 0);

  // eqs. 41, 42: the mean moves to the weighted mean of the best, wherever they were drawn
  const target = weightedSum(weights.slice(0, mu), ranked.map(({ unbounded }) => unbounded));
  const kept = 1 - weights.slice(0, mu).reduce((sum, weight) => sum + weight, 0);
  const mean = state.mean.map((value, i) => kept * value + target[i]!);
  const shift = mean.map((value, i) => (value - state.mean[i]!) / (sigma * scales[i]!));

  // eq. 43: the path of the step size, of steps from the means that the candidates were drawn around
  const drawn = weightedSum(weights.slice(0, mu), ranked.map(({ step }) => step));
  const straightened = standardize(covariance, drawn);
  const gainSigma = Math.sqrt(cs * (2 - cs) * muEff);
  const pathSigma = state.pathSigma.map((p, i) => (1 - cs) * p + gainSigma * straightened[i]!);
  const squared = pathSigma.reduce((sum, p) => sum + p * p, 0);

  // eq. 45: the path of the covariance stalls while the step size grows quickly
  const settled = 1 - (1 - cs) ** (2 * version);
  const moving = squared / n / settled < 2 + 4 / (n + 1) ? 1 : 0;
  const gainC = moving * Math.sqrt(cc * (2 - cc) * muEff);
  const pathC = state.pathC.map((p, i) => (1 - cc) * p + gainC * shift[i]!);

  // eqs. 46, 47: rank-one and rank-mu update
  const stalled = (1 - moving) * cc * (2 - cc);
  // that a mirror image is bad says nothing about the length of steps in its direction
  const learned = weights.map((weight, r) => ranked[r]!.mirrored ? Math.max(weight, 0) : weight);
  const total = learned.reduce((sum, weight) => sum + weight, 0);
  const terms: Term[] = [{ weight: c1, vector: pathC }];
  ranked.forEach((result, r) => {
    const weight = learned[r]!;
    const vector = result.step;
    if (weight > 0) terms.push({ weight: cMu * weight, vector });
    // bad steps count with the length sqrt(N), which keeps C positive definite
    if (weight < 0) {
      const length = squaredLength(state, result);
      if (length > 0) terms.push({ weight: cMu * weight * n / length, vector });
    }
  });
  const next: State = {
    ...state,
    mean,
    sigma: sigma * Math.exp(Math.min(1, cs / damping * relativeLength(state, squared))),
    covariance: withTerms(covariance, 1 - c1 * (1 - stalled) - cMu * total, terms),
    pathSigma,
    pathC,
  };
  if (!isSound(next)) return null;
  if (state.evaluations <= state.decomposedAt + state.parameters.eigenInterval) return next;
  return conditioned({
    ...next,
    covariance: decomposed(next.covariance),
    decomposedAt: state.evaluations,
  });
}

/** Eq. 44: how much longer the path is than that of a random walk. */
function relativeLength({ dimension: n, parameters }: State, squared: number): number {
  if (parameters.stepSizeRule === "squared length") return (squared / n - 1) / 2;
  const expected = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  return Math.sqrt(squared) / expected - 1;
}

/** Squared Mahalanobis length of the step of a result in the distribution of now. */
function squaredLength(state: State, result: Result): number {
  if (result.version === state.version - 1) return result.squaredLength;
  return whiten(state.covariance, result.step).reduce((sum, value) => sum + value * value, 0);
}

function weightedSum(
  weights: readonly number[],
  vectors: readonly (readonly number[])[],
): number[] {
  const sum = new Array<number>(vectors[0]!.length).fill(0);
  weights.forEach((weight, v) => {
    const vector = vectors[v]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * vector[i]!;
  });
  return sum;
}
