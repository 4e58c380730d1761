/**
 * The evaluations that were started and have no result.
 *
 * @module
 */
import { type EvaluationKey, keyOf, type Sampled } from "../record/facts.ts";
import { SerialMap } from "../record/serial_map.ts";

/** Finds an evaluation by its name; one of the search without putting a text together. */
export class OpenEvaluations {
  readonly #population: number;
  /** Those of the search, by generation * population + candidate. */
  readonly #searched = new SerialMap<Sampled>();
  /** Those of finalists. */
  readonly #repeats = new Map<string, Sampled>();

  /** @param population Candidates of a generation. */
  constructor(population: number) {
    this.#population = population;
  }

  /** Those of the search in the order of their numbers, then those of finalists as they were added. */
  get all(): readonly Sampled[] {
    return [...this.#searched.inOrder(), ...this.#repeats.values()];
  }

  /** The evaluation of that name. */
  find(key: EvaluationKey): Sampled | undefined {
    if (key.repeat !== 0) return this.#repeats.get(keyOf(key));
    const found = this.#searched.get(this.#serialOf(key));
    return found?.candidate === key.candidate ? found : undefined;
  }

  /** Adds an evaluation. */
  add(sampled: Sampled): void {
    if (sampled.repeat === 0) this.#searched.set(this.#serialOf(sampled), sampled);
    else this.#repeats.set(keyOf(sampled), sampled);
  }

  /** Removes an evaluation that is there. */
  delete(sampled: Sampled): void {
    if (sampled.repeat === 0) this.#searched.delete(this.#serialOf(sampled));
    else this.#repeats.delete(keyOf(sampled));
  }

  #serialOf({ generation, candidate }: EvaluationKey): number {
    return generation * this.#population + candidate;
  }
}
