/**
 * CMA-ES that starts again elsewhere where it has converged, as a strategy: see `evolution/restarts.ts`.
 *
 * A generation that is recorded has as many candidates in the whole run as the first population. A
 * population of k times that many takes k of them: all are drawn from the same distribution, which
 * learns when the last of them is told.
 *
 * @module
 */
import { MAX_PER_VERSION } from "../evolution/candidate_id.ts";
import {
  type Candidate,
  createRestarts,
  nextRun,
  type Restarts,
  type Run,
  shouldStop,
  type State,
  type Waiting,
} from "../evolution/mod.ts";
import { deriveSeed, Random } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { cmaEs } from "./cma_es.ts";
import type { Start, Strategy, Told } from "./strategy.ts";

/** Restarts with a doubled population (Hansen 2009). */
const MAX_DOUBLINGS = 9;

/** A search and the run of CMA-ES that it is at. Plain data. */
export interface RestartingState {
  /** Where the search began, with its population. */
  readonly first: Start & { readonly populationSize: number };
  /** Generations told. */
  readonly version: number;
  readonly restarts: Restarts;
  /** Restarts so far, small runs among them. */
  readonly restarted: number;
  readonly run: Run;
  readonly cmaEs: State;
  /** What was told of the population that is not whole yet. */
  readonly waiting: readonly Waiting[];
  /** The run has ended, and no restart is left: it goes on. */
  readonly isLast: boolean;
}

/** A candidate whose `version` is that of the search; its `id` and `index` are those of its run. */
export interface RestartingDraw extends Candidate {
  /** How often the distribution of its run was updated before it was drawn. */
  readonly runVersion: number;
}

/**
 * CMA-ES with restarts.
 *
 * A run ends when `shouldStop` says so with its defaults, or after the evaluations that a small run
 * of BIPOP has. The next one begins at a random point: anywhere in the box if every coordinate has both
 * bounds, else drawn from the first distribution of the search.
 *
 * Results must come in whole generations: there is no `tellOne`.
 *
 * @param kind IPOP (Auger and Hansen, A restart CMA evolution strategy with increasing population
 * size, CEC 2005) or BIPOP (Hansen, Benchmarking a BI-population CMA-ES on the BBOB-2009 function
 * testbed, GECCO 2009). In contrast to the paper, small populations are rounded up to a multiple of
 * the first one.
 */
export function restarting(kind: Restarts["strategy"]): Strategy<RestartingState, RestartingDraw> {
  return {
    create: (start) => firstRun(kind, start),
    populationSize: ({ first }) => first.populationSize,
    ask({ first, version, cmaEs: state, waiting }, random, serial) {
      const index = waiting.length + serial % first.populationSize;
      const candidate = cmaEs.ask(state, random, index);
      return { ...candidate, version, runVersion: candidate.version };
    },
    tell(before, results) {
      const state = { ...before, version: before.version + 1 };
      const waiting = [...before.waiting, ...results.map(toWaiting)];
      if (waiting.length < before.run.populationSize) return { ...state, waiting };
      const population = waiting.map((one) => ({ ...one, fitness: one.fitness ?? Infinity }));
      const told = { ...state, cmaEs: cmaEs.tell(before.cmaEs, population), waiting: [] };
      return told.isLast || !hasEnded(told) ? told : restarted(told);
    },
    show: ({ cmaEs: state }) => cmaEs.show(state),
    converged: (state) => state.isLast ? reasonsToEnd(state) : {},
  };
}

function firstRun(kind: Restarts["strategy"], start: Start): RestartingState {
  const { mean, sigma, bounds, integers, seed } = start;
  const state = cmaEs.create(start);
  const { populationSize } = state.parameters;
  const plan = createRestarts({ populationSize, sigma }, {
    strategy: kind,
    maxRestarts: Math.min(MAX_DOUBLINGS, Math.floor(Math.log2(MAX_PER_VERSION / populationSize))),
  });
  const [restarts, run] = nextRun(plan, 0, randomOf(seed, 0))!;
  return {
    first: { mean, sigma, bounds, seed, populationSize, ...(integers && { integers }) },
    version: 0,
    restarts,
    restarted: 0,
    run,
    cmaEs: state,
    waiting: [],
    isLast: false,
  };
}

/** The state with the next run; with the same one if no restart is left. */
function restarted(state: RestartingState): RestartingState {
  const { first, restarts } = state;
  const number = state.restarted + 1;
  const random = randomOf(first.seed, number);
  const next = nextRun(restarts, state.cmaEs.evaluations, random);
  if (next === null) return { ...state, isLast: true };
  const [counted, planned] = next;
  const generations = Math.ceil(planned.populationSize / first.populationSize);
  const run: Run = { ...planned, populationSize: generations * first.populationSize };
  const { populationSize, sigma } = run;
  return {
    ...state,
    restarts: counted,
    restarted: number,
    run,
    cmaEs: cmaEs.create({ ...first, mean: anotherStart(first, random), sigma, populationSize }),
  };
}

function randomOf(seed: number, restart: number): Random {
  return new Random(deriveSeed(seed, RUN_STREAMS.restart, restart));
}

function anotherStart(first: RestartingState["first"], random: Random): readonly number[] {
  const { mean, bounds } = first;
  const sides = mean.flatMap((_, i) => {
    const [lower, upper] = [bounds.lower[i]!, bounds.upper[i]!];
    return lower === null || upper === null ? [] : [{ lower, upper }];
  });
  if (sides.length < mean.length) return cmaEs.ask(cmaEs.create(first), random, 0).x;
  return sides.map(({ lower, upper }) =>
    Math.min(upper, lower + (upper - lower) * random.uniform())
  );
}

function reasonsToEnd({ cmaEs: state, run }: RestartingState): Readonly<Record<string, number>> {
  return { ...shouldStop(state, { maxfevals: run.maxEvaluations ?? Infinity }) };
}

function hasEnded(state: RestartingState): boolean {
  return Object.keys(reasonsToEnd(state)).length > 0;
}

/** As its run knows it, in numbers that JSON keeps. */
function toWaiting({ runVersion, fitness, ...result }: Told<RestartingDraw>): Waiting {
  return {
    ...result,
    version: runVersion,
    fitness: Number.isFinite(fitness) ? fitness + 0 : null,
  };
}
