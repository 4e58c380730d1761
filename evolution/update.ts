import { decomposed, standardize, whiten, withTerms } from "./covariance.ts";
import type { State } from "./state.ts";

/**
 * One update of mean, paths, covariance and step size (tutorial figure 6) from ranked points.
 *
 * @param state The distribution before.
 * @param ranked As many points as the population size, in unbounded coordinates, the best first.
 * @param weights One weight per rank. Default the strategy's.
 */
export function updateDistribution(
  state: State,
  ranked: readonly (readonly number[])[],
  weights: readonly number[] = state.parameters.weights,
): State {
  const { muEff, cc, cs, c1, cMu, damping } = state.parameters;
  const { mean: oldMean, sigma, covariance, dimension: n } = state;

  // eqs. 41, 42: the mean moves to the weighted mean of the best
  const mean = oldMean.map((_, i) => {
    let total = 0;
    ranked.forEach((point, rank) => {
      if (weights[rank]! > 0) total += weights[rank]! * point[i]!;
    });
    return total;
  });
  const shift = mean.map((value, i) => value - oldMean[i]!);

  // eq. 43: the path of the step size
  const straightened = standardize(covariance, shift);
  const gainSigma = Math.sqrt(cs * (2 - cs) * muEff) / sigma;
  const pathSigma = state.pathSigma.map((p, i) => (1 - cs) * p + gainSigma * straightened[i]!);
  const pathLength = pathSigma.reduce((sum, p) => sum + p * p, 0) / n;

  // eq. 45: the path of the covariance stalls while the step size grows quickly
  const settled = 1 - (1 - cs) ** (2 * (state.version + 1));
  const moving = pathLength / settled < 2 + 4 / (n + 1) ? 1 : 0;
  const gainC = moving * Math.sqrt(cc * (2 - cc) * muEff) / sigma;
  const pathC = state.pathC.map((p, i) => (1 - cc) * p + gainC * shift[i]!);

  // eqs. 46, 47: rank-one and rank-mu update
  const c1Stalled = c1 * (1 - (1 - moving) * cc * (2 - cc));
  const decay = 1 - c1Stalled - cMu * weights.reduce((sum, weight) => sum + weight, 0);
  const terms = [{ weight: c1, vector: pathC }];
  ranked.forEach((point, rank) => {
    const weight = weights[rank]!;
    if (weight === 0) return;
    const vector = point.map((value, i) => (value - oldMean[i]!) / sigma);
    // eq. 46: bad steps count with the length sqrt(N), which keeps C positive definite
    const scale = weight < 0 ? n / squaredLength(whiten(covariance, vector)) : 1;
    terms.push({ weight: cMu * weight * scale, vector });
  });

  const evaluations = state.evaluations + ranked.length;
  const due = evaluations > state.decomposedAt + state.parameters.eigenInterval;
  const updated = withTerms(covariance, decay, terms);
  return {
    ...state,
    mean,
    // purecma's form of eq. 44
    sigma: sigma * Math.exp(Math.min(1, cs / damping * (pathLength - 1) / 2)),
    covariance: due ? decomposed(updated) : updated,
    pathSigma,
    pathC,
    version: state.version + 1,
    asked: 0,
    evaluations,
    decomposedAt: due ? evaluations : state.decomposedAt,
  };
}

function squaredLength(vector: readonly number[]): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
