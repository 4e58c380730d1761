import { difference, midpoint } from "../averages.ts";

/**
 * What the stopping criteria look back at. Numbers are finite: failed candidates rank last, with the
 * largest number there is for their fitness.
 */
export interface History {
  /** The best fitness of each of the last versions, the newest last. */
  readonly recent: readonly number[];
  /** The best fitness of every fifth version, the newest last. */
  readonly best: readonly number[];
  /** The median fitness of every fifth version, the newest last. */
  readonly median: readonly number[];
  /** The first median fitness that is that of candidates which did not fail, or `null` before it. */
  readonly firstMedian: number | null;
  /** The smallest median fitness of any version, or `null` before the first. */
  readonly lowestMedian: number | null;
  /** Worst minus best fitness of the last version, or `null` before the first. */
  readonly range: number | null;
  /** For how many versions in a row the best three quarters and more had the same fitness. */
  readonly flat: number;
  /** Where the mean was when it last moved noticeably. */
  readonly anchor: readonly number[];
  /** The version at that time. */
  readonly anchorVersion: number;
}

/** Every which version goes to the long history, and how many of them stay. */
const LONG_INTERVAL = 5;
const LONG_LENGTH = 20_000;

/** The mean has moved if a coordinate changed by more than this (pycma's tolxstagnation). */
const NOTICEABLE = 1e-9;

/** The history before the first version. */
export function emptyHistory(mean: readonly number[]): History {
  return {
    recent: [],
    best: [],
    median: [],
    firstMedian: null,
    lowestMedian: null,
    range: null,
    flat: 0,
    anchor: [...mean],
    anchorVersion: 0,
  };
}

/**
 * The history with one more version.
 *
 * @param fitness The finite fitness values of the version, ascending, at least one.
 * @param count How many candidates the version had, those that failed among them.
 * @param mean The mean after the update.
 * @param version The number of updates, this one included.
 * @param memory How many of the last versions to keep one by one.
 */
export function recorded(
  history: History,
  fitness: readonly number[],
  count: number,
  mean: readonly number[],
  version: number,
  memory: number,
): History {
  const failed = count - fitness.length;
  const best = fitness[0]!;
  const ranked = (rank: number) => fitness[rank] ?? Number.MAX_VALUE;
  const middle = (count - 1) / 2;
  const median = midpoint(ranked(Math.floor(middle)), ranked(Math.ceil(middle)));
  const known = Math.ceil(middle) < fitness.length ? median : null;
  const threeQuarters = fitness[Math.floor(0.75 * count)];
  const flat = threeQuarters !== undefined && best >= threeQuarters;
  const long = version % LONG_INTERVAL === 0;
  const moved = mean.some((value, i) => Math.abs(value - history.anchor[i]!) > NOTICEABLE);
  return {
    recent: [...history.recent, best].slice(-memory),
    best: long ? [...history.best, best].slice(-LONG_LENGTH) : history.best,
    median: long ? [...history.median, median].slice(-LONG_LENGTH) : history.median,
    firstMedian: history.firstMedian ?? known,
    lowestMedian: known === null
      ? history.lowestMedian
      : Math.min(history.lowestMedian ?? known, known),
    range: failed > 0 ? Number.MAX_VALUE : difference(fitness.at(-1)!, best),
    flat: flat ? history.flat + 1 : 0,
    anchor: moved ? [...mean] : history.anchor,
    anchorVersion: moved ? version : history.anchorVersion,
  };
}
