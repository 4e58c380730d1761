/**
 * Random search as a strategy: every candidate comes from the distribution that CMA-ES begins with.
 *
 * @module
 */
import type { Candidate, State } from "../evolution/mod.ts";
import { cmaEs } from "./cma_es.ts";
import type { Strategy } from "./strategy.ts";

/** Draws, and learns nothing. */
export const random: Strategy<State, Candidate> = {
  create: cmaEs.create,
  populationSize: cmaEs.populationSize,
  ask: cmaEs.ask,
  tell: (state) => ({ ...state, version: state.version + 1, asked: 0 }),
  show: cmaEs.show,
};
