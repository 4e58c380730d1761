/**
 * What a search learns with. A strategy draws points and is told what they are worth; everything that
 * it knows is in its state, which is plain data. Actors, journal and CSV files work with any strategy.
 *
 * @module
 */
import type { Cells, Staleness } from "../evolution/mod.ts";
import type { Random } from "../random.ts";

/** Where a search begins. */
export interface Start {
  /** Length N, within the bounds. */
  readonly mean: readonly number[];
  /** Initial step size, positive. */
  readonly sigma: number;
  /** Of each coordinate, length N; `null` is none. */
  readonly bounds: {
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
  };
  /** Which coordinates are integers in disguise, length N, `null` for the others. */
  readonly integers?: readonly (Cells | null)[] | undefined;
  /**
   * The block of each coordinate, length N, where results say what each block is worth
   * ({@linkcode Told.shares}): in a search the class whose pixels it describes. Default: none.
   */
  readonly blocks?: readonly number[] | undefined;
  /** Candidates of a generation that were asked for. Default: the strategy's own. */
  readonly populationSize?: number | undefined;
  /** Of the search: what a strategy draws besides its candidates is to follow from it. */
  readonly seed: number;
}

/** A point that a strategy drew. What else it holds is plain data, and comes back with the result. */
export interface Draw {
  /** Within the bounds, length N. */
  readonly x: readonly number[];
  /** The version of the distribution: how many generations were told before it was drawn. */
  readonly version: number;
}

/** A point, and what it is worth. */
export type Told<D extends Draw = Draw> = D & {
  /** To be minimised; infinite if the evaluation failed. */
  readonly fitness: number;
  /**
   * What each block is worth, in the order of their numbers: the fitness on the images of its class
   * alone, to be minimised. Default: it was not asked for, or the evaluation failed.
   */
  readonly shares?: readonly number[];
};

/** What is shown of a state. */
export interface Shown {
  /** Step size. */
  readonly sigma: number;
  /** Longest over shortest axis of the distribution; 1 where it is round. */
  readonly axisRatio: number;
  /** The centre of the distribution, length N, within the bounds. Default: there is none. */
  readonly mean?: readonly number[];
}

/** How a search learns. Every function is pure: the same arguments give the same result. */
export interface Strategy<State = unknown, D extends Draw = Draw> {
  /** Ask for {@linkcode Told.shares}, which take time to measure. Default `false`. */
  readonly learnsByBlock?: boolean;
  /**
   * The first state, of version 0.
   *
   * @param first The first point of the run, if there is one: how an older version of the strategy
   * drew it may say that the run is to go on as that version did.
   * @throws {TypeError | RangeError} If the numbers do not fit each other.
   */
  create(start: Start, first?: D): State;
  /** Candidates of a generation, the same in the whole run. */
  populationSize(state: State): number;
  /**
   * Draws a point.
   *
   * @param serial The number of the candidate in the run, from 0.
   */
  ask(state: State, random: Random, serial: number): D;
  /** Learns from a generation, in whatever order it comes; the state is then of the next version. */
  tell(state: State, results: readonly Told<D>[]): State;
  /**
   * Learns from one result, of whatever version (`--mode async`). Left out, a generation is told
   * whenever there are enough results for one.
   *
   * @returns The state, whether the result counts, and whether the state is of the next version.
   */
  tellOne?(
    state: State,
    result: Told<D>,
    staleness: Staleness,
  ): { readonly state: State; readonly counts: boolean; readonly updated: boolean };
  /** What generations.csv and snapshots of a run show of the state. */
  show(state: State): Shown;
  /**
   * Why the state can get no better: criteria that are met, by name, with the value that met them
   * (`--stop`). Left out, there are none.
   */
  converged?(state: State): Readonly<Record<string, number>>;
}
