import type { Random } from "../random.ts";
import type { Result, State } from "./state.ts";

/**
 * What is known about the noise of the fitness, after UH-CMA-ES (Hansen et al. 2009, A method for
 * handling uncertainty in evolutionary optimization): some candidates are evaluated again, and the
 * change of their ranks says whether the noise hides the differences that the search follows.
 * Plain data, like the state.
 */
export interface Noise {
  /** How often every candidate should be evaluated; see {@linkcode evaluationsPerCandidate}. */
  readonly repeats: number;
  /** The most that may become. */
  readonly maxRepeats: number;
  /** Smoothed rank change over what is tolerated: noise matters where it is positive. */
  readonly signal: number;
}

/** Part of a population that is evaluated again; with less than two of them, two. */
const REEVALUATED = 0.1;

/** Smoothing of the signal (pycma's value: one surprise does not decide). */
const SMOOTHING = 0.3;

/** The theta of the paper (pycma's value): its half is the quantile of rank changes tolerated. */
const TOLERANCE = 0.5;

/** How quickly the number of evaluations follows the signal. */
const GROWTH = 1.5;
const DECAY = GROWTH ** -0.25;

/**
 * Nothing known yet.
 *
 * @param maxRepeats The most evaluations a candidate may have, a number of at least 1. With 1 only
 * the step size reacts to noise. Default 10.
 * @throws {RangeError} If `maxRepeats` is below 1.
 */
export function createNoise(maxRepeats = 10): Noise {
  if (!(Number.isFinite(maxRepeats) && maxRepeats >= 1)) {
    throw new RangeError(
      `Cannot handle noise: maxRepeats must be a number of at least 1, received ${maxRepeats}`,
    );
  }
  return { repeats: 1, maxRepeats, signal: 0 };
}

/** How many evaluations a candidate should have now, their mean being its fitness: an integer. */
export function evaluationsPerCandidate(noise: Noise): number {
  return Math.round(noise.repeats);
}

/** Draws the results that should be evaluated a second time. In asynchronous mode: of one result. */
export function chooseReevaluations<T extends Result>(
  results: readonly T[],
  populationSize: number,
  random: Random,
): T[] {
  const rate = Math.max(REEVALUATED, 2 / populationSize);
  const expected = rate * results.length;
  const count = Math.floor(expected) + (random.uniform() < expected % 1 ? 1 : 0);
  const order = random.shuffle(Array.from(results, (_, i) => i));
  return order.slice(0, count).toSorted((a, b) => a - b).map((i) => results[i]!);
}

/** Two evaluations of one candidate. */
export interface Pair {
  /** The fitness of the first. */
  readonly first: number;
  /** The fitness of the second, with another seed. */
  readonly second: number;
}

/**
 * Learns from second evaluations.
 *
 * @param population The first fitness values of a population, those of the pairs among them; in
 * asynchronous mode those of the last results.
 * @param pairs The candidates that were evaluated twice; none leaves the noise as it was.
 */
export function measured(
  noise: Noise,
  population: readonly number[],
  pairs: readonly Pair[],
): Noise {
  if (pairs.length === 0) return noise;
  const excess = pairs.reduce((sum, pair) => sum + rankChange(population, pairs, pair), 0);
  const signal = (1 - SMOOTHING) * noise.signal + SMOOTHING * excess / pairs.length;
  const wanted = noise.repeats * (signal > 0 ? GROWTH : DECAY);
  return { ...noise, signal, repeats: Math.min(Math.max(wanted, 1), noise.maxRepeats) };
}

/**
 * The state after the treatment of noise: where candidates already have as many evaluations as they
 * may, a larger step size makes the differences between them larger than the noise.
 */
export function widened(state: State, noise: Noise): State {
  if (noise.signal <= 0 || noise.repeats < noise.maxRepeats) return state;
  return { ...state, sigma: state.sigma * (1 + 2 / (state.dimension + 10)) };
}

/** Eq. 3 of the paper, for one pair: twice the rank change minus what is tolerated. */
function rankChange(population: readonly number[], pairs: readonly Pair[], pair: Pair): number {
  const { first, second } = pair;
  // both evaluations of every candidate; one that was not repeated counts as two equal ones
  const seconds = [...population];
  for (const one of pairs) {
    const at = seconds.indexOf(one.first);
    if (at >= 0) seconds[at] = one.second;
  }
  const all = [...population, ...seconds];
  // without the candidate's own other evaluation, so that no noise is no change
  const rank = (value: number, other: number) =>
    all.filter((one) => one < value).length + (other < value ? 0 : 1);
  const before = rank(first, second);
  const after = rank(second, first);
  return 2 * Math.abs(after - before) - tolerated(before, all.length) -
    tolerated(after, all.length);
}

/** The TOLERANCE / 2 quantile of the possible rank changes |1 - R|, ..., |2 lambda - 1 - R|. */
function tolerated(rank: number, count: number): number {
  const changes = Array.from({ length: count - 1 }, (_, i) => Math.abs(i + 1 - rank))
    .toSorted((a, b) => a - b);
  const position = TOLERANCE / 2 * (changes.length - 1);
  const below = changes[Math.floor(position)]!;
  return below + (position % 1) * (changes[Math.ceil(position)]! - below);
}
