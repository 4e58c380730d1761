/**
 * Where a run is, at any time.
 *
 * @module
 */

/** What a run is doing, or how it ended. */
export type RunState =
  | "preparing"
  | "searching"
  | "finalists"
  | "finished"
  | "stopped"
  | "failed";

/** Where a search is. */
export interface SearchSnapshot<Best> {
  /** Generations that are done. */
  readonly generation: number;
  /** Generations that are planned. */
  readonly generations: number;
  /** Evaluations that have ended, those of an earlier process among them. */
  readonly evaluations: number;
  /** Evaluations in all, as far as is known now. */
  readonly evaluationsPlanned: number;
  /** The best candidate so far, at the end the winner; `null` before the first result. */
  readonly best: Best | null;
  /** What candidates are drawn from now. */
  readonly distribution: DistributionSnapshot | null;
  /** Evaluations that can be done at the same time. */
  readonly slots: number;
  /** Slots that are at work. */
  readonly busy: number;
}

/** A search distribution. */
export interface DistributionSnapshot {
  /** Its centre, a point of the search box, length N; `null` for a strategy that has none. */
  readonly mean: readonly number[] | null;
  /** Step size. */
  readonly sigma: number;
  /** Longest over shortest principal axis. */
  readonly axisRatio: number;
}

/** Where a run is: plain data, which does not change any more. */
export interface RunSnapshot<Best> extends SearchSnapshot<Best> {
  /**
   * `preparing`: options, images and modules are checked, and nothing is written yet; `searching`;
   * `finalists`: the best are evaluated again; or how it ended.
   */
  readonly state: RunState;
  /** The folder of the run; it is there as soon as the run is no longer preparing. */
  readonly directory: string;
  /** Time of this process in the run, in seconds. */
  readonly elapsedSeconds: number;
}

/** Of a run that is not searching yet. */
export const NOTHING_YET: SearchSnapshot<never> = {
  generation: 0,
  generations: 0,
  evaluations: 0,
  evaluationsPlanned: 0,
  best: null,
  distribution: null,
  slots: 0,
  busy: 0,
};
