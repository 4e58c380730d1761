import { medianOf } from "../averages.ts";
import { logVolume } from "./ask.ts";
import { candidateId } from "./candidate_id.ts";
import { stepInScales } from "./conditioning.ts";
import { whiten } from "./covariance.ts";
import { addIds, hasId } from "./id_ranges.ts";
import { withMirror } from "./mirrors.ts";
import { withPopulation } from "./parameters.ts";
import { counted, rank, refuse, requireKnown, succeeded } from "./results.ts";
import type { Result, State, Waiting } from "./state.ts";
import { updated } from "./update.ts";

/**
 * What to do with results of older versions of the distribution.
 *
 * - `drop`: results more than `maxAge` versions old are counted and left out.
 * - `mix`: every result counts like one of the newest version.
 * - `reweight`: the weight of a result is multiplied by how much likelier the newest distribution is
 *   to draw the candidate than the one it came from: the geometric mean of the ratio over the
 *   coordinates, at most 1. (The ratio itself is almost always 0 or infinite for N above 10.)
 *
 * The step size sees the candidates' steps from the means that they were drawn around, under every
 * policy. Measured from the mean of now, old candidates lie behind it and look like a search that
 * turns back: with more workers than candidates in a generation, the step size then collapses.
 *
 * A search whose results are very late turns too far before it sees where it went. Under every policy
 * an update therefore takes more results, as one of a larger population, where more than four
 * populations are being evaluated at the same time.
 */
export type Staleness =
  | { readonly policy: "drop"; readonly maxAge: number }
  | { readonly policy: "mix" }
  | { readonly policy: "reweight" };

/** Results older than this many versions are dropped: whether they were told before is forgotten. */
const MEMORY = 200;

/**
 * How many populations may be under evaluation at the same time. From 16 to 26 on, sigma overshoots
 * further with every turn, the sooner the more evaluation times differ; `bench/evolution_delays.ts`
 * measures it.
 */
const MOST_POPULATIONS = 4;

/**
 * Takes one result, of whatever version, and updates the distribution whenever a population size of
 * them is there, or a quarter of what is under evaluation if that is more.
 *
 * @param state The newest state.
 * @param result A candidate of this or an older version, with its fitness.
 * @param staleness What to do with old results.
 * @returns The state with the result in it.
 * @throws {TypeError} If the result has not N coordinates.
 * @throws {RangeError} If the candidate is unknown or was told before, or `maxAge` is negative.
 */
export function tellOne(state: State, result: Result, staleness: Staleness): State {
  const oldest = staleness.policy === "drop" ? staleness.maxAge : MEMORY;
  if (!(oldest >= 0)) {
    throw new RangeError(
      `Cannot tell results: maxAge must be a number of at least 0, received ${oldest}`,
    );
  }
  requireKnown(state, result);
  if (wasTold(state, result.id)) refuse("every candidate may be told once", result);
  const received = counted(state, [result]);
  if (state.version - result.version > Math.min(oldest, MEMORY)) {
    const told = addIds(state.told, [result.id], -Infinity);
    return { ...received, told, dropped: state.dropped + 1 };
  }
  const kept: Waiting = {
    ...result,
    step: stepInScales(state, result),
    fitness: succeeded(result) ? result.fitness + 0 : null,
  };
  const waiting = [...state.waiting, kept];
  if (waiting.length < enough(received, waiting)) return { ...received, waiting };
  const parameters = withPopulation(state.parameters, waiting.length, {
    dimension: state.dimension,
    separable: state.covariance.variant === "separable",
  });
  const ranked = rank(waiting.map((one) => ({ ...one, fitness: one.fitness ?? NaN })));
  const weights = staleness.policy === "reweight"
    ? parameters.weights.map((weight, r) => weight * relevance(state, ranked[r]!))
    : parameters.weights;
  const wide = updated({ ...received, waiting: [], parameters }, ranked, weights);
  const next = withMirror(state, { ...wide, parameters: state.parameters }, ranked);
  const forgotten = candidateId(next.version - MEMORY, 0);
  return { ...next, told: addIds(state.told, waiting.map(({ id }) => id), forgotten) };
}

/** Whether a result waits already, or was told before. */
function wasTold({ told, waiting }: State, id: number): boolean {
  return hasId(told, id) || waiting.some((one) => one.id === id);
}

/**
 * How many results an update takes. While a candidate is evaluated as many results are told as others
 * are under evaluation, so the results say how many that are; at the start, when few are told, their
 * numbers say it. The median counts, because a straggler says little about the others.
 */
function enough({ parameters, evaluations }: State, waiting: readonly Waiting[]): number {
  const { populationSize } = parameters;
  if (waiting.length < populationSize) return populationSize;
  const others = waiting.map(({ toldBefore, version, index }, i) => {
    if (toldBefore === undefined) return 0;
    const told = evaluations - (waiting.length - i); // before this one
    return Math.max(told, version === 0 ? index : 0) - toldBefore;
  });
  return Math.max(populationSize, Math.floor(medianOf(others) / MOST_POPULATIONS));
}

/** (p_now(x) / p_then(x))^(1/N), at most 1, and not so small that nothing would be left to learn. */
function relevance(state: State, result: Result): number {
  if (result.version === state.version) return 1;
  const step = result.unbounded.map((value, i) =>
    (value - state.mean[i]!) / (state.sigma * state.scales[i]!)
  );
  const length = whiten(state.covariance, step).reduce((sum, value) => sum + value * value, 0);
  const logRatio = (result.squaredLength - length) / 2 + result.logVolume - logVolume(state);
  return Math.max(0.01, Math.exp(Math.min(0, logRatio / state.dimension)));
}
