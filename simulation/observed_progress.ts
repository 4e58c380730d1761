/**
 * The search's own account of itself, with somebody who watches.
 *
 * @module
 */
import type { Evaluated, Sampled } from "../actors/record/facts.ts";
import {
  type Outcome,
  type SearchPlan,
  SearchProgress,
} from "../actors/population/search_progress.ts";
import type { Observation } from "./observation.ts";

/** Does what a {@linkcode SearchProgress} does, and tells what happens. */
export class ObservedProgress extends SearchProgress {
  readonly #observation: Observation;

  constructor(plan: SearchPlan, observation: Observation) {
    super(plan);
    this.#observation = observation;
  }

  override sampled(event: Sampled): void {
    super.sampled(event);
    this.#observation.submitted(event);
  }

  override evaluated(event: Evaluated): Outcome {
    const wasSearched = this.searched;
    const outcome = super.evaluated(event);
    this.#observation.evaluated(event, outcome, wasSearched);
    return outcome;
  }
}
