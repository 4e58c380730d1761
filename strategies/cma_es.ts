/**
 * CMA-ES as a strategy: see `evolution/`.
 *
 * @module
 */
import {
  ask,
  type Candidate,
  createState,
  diagnostics,
  shouldStop,
  type State,
  tell,
  tellOne,
} from "../evolution/mod.ts";
import type { Random } from "../random.ts";
import type { Start, Strategy } from "./strategy.ts";

/** The covariance matrix adaptation evolution strategy (Hansen, arXiv 1604.00772). */
export const cmaEs: Strategy<State, Candidate> = {
  create: ({ mean, sigma, bounds, integers, populationSize }: Start, first?: Candidate) =>
    createState({
      mean,
      sigma,
      bounds,
      // A run that was begun before there were mirrors goes on without them.
      mirrors: first === undefined || first.toldBefore !== undefined,
      ...(integers && { integers }),
      ...(populationSize !== undefined && { populationSize }),
    }),
  populationSize: ({ parameters }) => parameters.populationSize,
  ask: drawOne,
  tell,
  tellOne: (before, result, staleness) => {
    const state = tellOne(before, result, staleness);
    return {
      state,
      counts: state.dropped === before.dropped,
      updated: state.version > before.version,
    };
  },
  show: diagnostics,
  // How much may be spent is the search's own option.
  converged: (state) => ({ ...shouldStop(state, { maxiter: Infinity }) }),
};

/**
 * Candidates are numbered through the whole run, so that a resumed one cannot give a number twice. Only
 * the first one of a population can be a mirror image.
 */
function drawOne(state: State, random: Random, serial: number): Candidate {
  const isFirst = serial % state.parameters.populationSize === 0;
  const asked = serial % 2 ** 20;
  const [, [draw]] = ask(
    state.mirror && !isFirst ? { ...state, mirror: null, asked } : { ...state, asked },
    random,
    1,
  );
  return draw!;
}
