/** What the stopping criteria look back at. Fitness values are finite. */
export interface History {
  /** The best fitness of each of the last versions, the newest last. */
  readonly recent: readonly number[];
  /** The best fitness of every fifth version, the newest last. */
  readonly best: readonly number[];
  /** The median fitness of every fifth version, the newest last. */
  readonly median: readonly number[];
  /** The median fitness of the first version, or `null` before it. */
  readonly firstMedian: number | null;
  /** The smallest median fitness of any version, or `null` before the first. */
  readonly lowestMedian: number | null;
  /** Worst minus best fitness of the last version, or `null` before the first. */
  readonly range: number | null;
  /** For how many versions in a row the best quarter and more had the same fitness. */
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
 * @param mean The mean after the update.
 * @param version The number of updates, this one included.
 * @param memory How many of the last versions to keep one by one.
 */
export function recorded(
  history: History,
  fitness: readonly number[],
  mean: readonly number[],
  version: number,
  memory: number,
): History {
  const best = fitness[0]!;
  const worst = fitness.at(-1)!;
  const middle = (fitness.length - 1) / 2;
  const median = fitness[Math.floor(middle)]! / 2 + fitness[Math.ceil(middle)]! / 2;
  const long = version % LONG_INTERVAL === 0;
  const moved = mean.some((value, i) => Math.abs(value - history.anchor[i]!) > NOTICEABLE);
  return {
    recent: [...history.recent, best].slice(-memory),
    best: long ? [...history.best, best].slice(-LONG_LENGTH) : history.best,
    median: long ? [...history.median, median].slice(-LONG_LENGTH) : history.median,
    firstMedian: history.firstMedian ?? median,
    lowestMedian: Math.min(history.lowestMedian ?? median, median),
    range: Math.min(worst - best, Number.MAX_VALUE),
    flat: best < fitness[Math.floor(0.75 * fitness.length)]! ? 0 : history.flat + 1,
    anchor: moved ? [...mean] : history.anchor,
    anchorVersion: moved ? version : history.anchorVersion,
  };
}
