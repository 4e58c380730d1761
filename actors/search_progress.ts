/**
 * What a search knows at any moment, as a fold over its events. The updater folds live events, a
 * resumed run folds those of the journal, and both arrive at the same state.
 *
 * @module
 */
import {
  createState,
  diagnostics,
  type Result,
  type Staleness,
  type State,
  type StateOptions,
  tell,
  tellOne,
} from "../evolution/mod.ts";
import { deriveSeed } from "../random.ts";
import type { PopulationSettings } from "./configuration.ts";
import {
  type Evaluated,
  type EvaluationKey,
  type GenerationDone,
  keyOf,
  type Sampled,
  type Scores,
  type Winner,
} from "./protocol.ts";

/** What decides the course of a search, apart from the objective. */
export interface SearchPlan {
  /** Start of the search, length N, within the bounds. */
  readonly mean: readonly number[];
  /** Of every coordinate; `null` is none. */
  readonly bounds: { readonly lower: number | null; readonly upper: number | null };
  /** Which coordinates are integers in disguise, length N. Default: none. */
  readonly cells?: NonNullable<StateOptions["integers"]>;
  readonly sigma: number;
  /** Default: 4 + floor(3 ln N). */
  readonly population?: number | undefined;
  readonly generations: number;
  readonly strategy: PopulationSettings["strategy"];
  readonly mode: "sync" | "async";
  readonly staleness: Staleness;
  readonly finalists: number;
  readonly finalistRepeats: number;
  readonly seed: number;
}

/** A finalist and the fitness of its repeats. */
interface Finalist {
  readonly sampled: Sampled;
  readonly searchFitness: number;
}

/** What happened because an evaluation came in. */
export interface Outcome {
  /** The distribution was updated. */
  readonly generation?: GenerationDone;
  /** The last generation is done: these are to be evaluated. May be empty. */
  readonly finalists?: readonly Sampled[];
  /** Everything is done; `null` if all candidates failed. */
  readonly winner?: Winner | null;
}

/** The policy for late results that options name. */
export function stalenessOf(
  { staleness, maxAge }: Pick<PopulationSettings, "staleness" | "maxAge">,
): Staleness {
  return staleness === "drop" ? { policy: "drop", maxAge } : { policy: staleness };
}

/** The seed of an evaluation: who does it, when, and in which attempt changes nothing. */
export function evaluationSeed(runSeed: number, key: EvaluationKey): number {
  return deriveSeed(runSeed, key.generation, key.candidate, key.repeat);
}

/** The fold. */
export class SearchProgress {
  readonly #plan: SearchPlan;
  #state: State;
  #waiting: { result: Result; evaluated: Evaluated }[] = [];
  readonly #open = new Map<string, Sampled>();
  readonly #repeats = new Map<string, number | null>();
  #best: Finalist[] = [];
  #finalists: Finalist[] | undefined;
  #serial = 0;
  #told = 0;
  #wasted = 0;
  #duplicates = 0;
  #bestSoFar: number | null = null;
  #generation = 0;

  /** @throws {TypeError | RangeError} If the plan's numbers do not fit each other. */
  constructor(plan: SearchPlan) {
    this.#plan = plan;
    this.#state = createState({
      mean: plan.mean,
      sigma: plan.sigma,
      bounds: plan.bounds,
      ...(plan.cells && { integers: plan.cells }),
      ...(plan.population === undefined ? {} : { populationSize: plan.population }),
    });
  }

  /** The newest distribution. */
  get state(): State {
    return this.#state;
  }

  /** Updates done. */
  get generation(): number {
    return this.#generation;
  }

  /** Candidates of a generation. */
  get population(): number {
    return this.#state.parameters.populationSize;
  }

  /** Evaluations in the search and for the finalists, if none is wasted. */
  get evaluationsPlanned(): number {
    const { generations, finalists, finalistRepeats } = this.#plan;
    const searched = generations * this.population;
    return searched + Math.min(finalists, searched) * finalistRepeats;
  }

  /** The number of the next candidate: generation * population + candidate. */
  get nextSerial(): number {
    return this.#serial;
  }

  /** Evaluations that were started and have no result. */
  get open(): readonly Sampled[] {
    return [...this.#open.values()];
  }

  /** Whether the last generation is done. */
  get searched(): boolean {
    return this.#finalists !== undefined;
  }

  /** Evaluations of finalists that are to be done and were not started. */
  get finalistsToStart(): readonly Sampled[] {
    if (!this.#finalists) return [];
    return this.#repeatsToDo().filter((repeat) => !this.#open.has(keyOf(repeat)));
  }

  /** Results that came twice, or for evaluations that were not started: an accident of time. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Count a result that is not to be used. */
  countDuplicate(): void {
    this.#duplicates++;
  }

  /** The evaluation of that name, if it was started and has no result. */
  find(key: EvaluationKey): Sampled | undefined {
    return this.#open.get(keyOf(key));
  }

  /** An evaluation starts. */
  sampled(event: Sampled): void {
    this.#open.set(keyOf(event), event);
    if (event.repeat > 0) return;
    const serial = event.generation * this.population + event.candidate;
    this.#serial = Math.max(this.#serial, serial + 1);
  }

  /**
   * An evaluation ends.
   *
   * @throws {Error} If it was not expected.
   */
  evaluated(event: Evaluated): Outcome {
    const key = keyOf(event);
    const sampled = this.#open.get(key);
    if (!sampled) throw new Error(`Cannot take a result: evaluation ${key} was not started`);
    this.#open.delete(key);
    if (event.repeat > 0) {
      this.#repeats.set(key, event.fitness);
      return this.#finished();
    }
    if (this.searched) {
      this.#wasted++;
      return {};
    }
    this.#told++;
    this.#remember(sampled, event);
    // evolution minimises.
    const result: Result = { ...sampled.draw, fitness: -(event.fitness ?? -Infinity) };
    const before = this.#state;
    const counted = [...this.#waiting, { result, evaluated: event }];
    if (this.#plan.strategy === "random") {
      this.#waiting = counted;
      if (counted.length === this.population) this.#state = renamed(this.#state);
    } else if (this.#plan.mode === "sync") {
      this.#waiting = counted;
      if (counted.length === this.population) {
        this.#state = tell(this.#state, counted.map((entry) => entry.result));
      }
    } else {
      this.#state = tellOne(this.#state, result, this.#plan.staleness);
      if (this.#state.dropped > before.dropped) this.#wasted++;
      else this.#waiting = counted;
    }
    if (this.#state.version === before.version) return {};
    const generation = this.#summary(this.#waiting.map((entry) => entry.evaluated));
    this.#waiting = [];
    this.#generation++;
    if (this.#generation < this.#plan.generations) return { generation };
    this.#finalists = this.#best;
    return { generation, finalists: this.#repeatsToDo(), ...this.#finished() };
  }

  #remember(sampled: Sampled, { fitness }: Evaluated): void {
    if (fitness === null) return;
    if (this.#bestSoFar === null || fitness > this.#bestSoFar) this.#bestSoFar = fitness;
    this.#best.push({ sampled, searchFitness: fitness });
    this.#best.sort((a, b) =>
      b.searchFitness - a.searchFitness ||
      a.sampled.generation - b.sampled.generation || a.sampled.candidate - b.sampled.candidate
    );
    this.#best.length = Math.min(this.#best.length, this.#plan.finalists);
  }

  #repeatsToDo(): Sampled[] {
    return this.#finalists!.flatMap(({ sampled }) =>
      Array.from({ length: this.#plan.finalistRepeats }, (_, i) => {
        const key = {
          generation: sampled.generation,
          candidate: sampled.candidate,
          repeat: i + 1,
        };
        return { ...sampled, ...key, seed: evaluationSeed(this.#plan.seed, key) };
      })
    ).filter((repeat) => !this.#repeats.has(keyOf(repeat)));
  }

  /** The winner, if nothing is left to do. */
  #finished(): Pick<Outcome, "winner"> {
    if (!this.#finalists || this.#repeatsToDo().length > 0) return {};
    const candidates = this.#finalists.map(({ sampled, searchFitness }): Winner => ({
      generation: sampled.generation,
      candidate: sampled.candidate,
      genome: sampled.draw.x,
      searchFitness,
      finalFitness: this.#meanOfRepeats(sampled),
    }));
    const score = (winner: Winner) =>
      this.#plan.finalistRepeats === 0 ? winner.searchFitness : winner.finalFitness ?? -Infinity;
    return { winner: candidates.toSorted((a, b) => score(b) - score(a))[0] ?? null };
  }

  #meanOfRepeats({ generation, candidate }: Sampled): number | null {
    const { finalistRepeats } = this.#plan;
    let sum = 0;
    for (let repeat = 1; repeat <= finalistRepeats; repeat++) {
      const fitness = this.#repeats.get(keyOf({ generation, candidate, repeat }));
      if (fitness === null || fitness === undefined) return null;
      sum += fitness;
    }
    return finalistRepeats === 0 ? null : sum / finalistRepeats;
  }

  #summary(results: readonly Evaluated[]): GenerationDone {
    // In the order of the candidates, so that rounding does not depend on who was first.
    const ordered = results.toSorted((a, b) =>
      a.generation - b.generation || a.candidate - b.candidate
    );
    const fitness = ordered.flatMap((result) => result.fitness ?? []).sort((a, b) => b - a);
    const { sigma, axisRatio } = diagnostics(this.#state);
    return {
      type: "GenerationDone",
      generation: this.#generation,
      evaluations: this.#told,
      wasted: this.#wasted,
      sigma,
      axisRatio,
      bestFitness: fitness[0] ?? null,
      medianFitness: median(fitness),
      worstFitness: fitness.at(-1) ?? null,
      bestSoFar: this.#bestSoFar,
      means: meansOf(ordered.map(({ scores }) => scores)),
    };
  }
}

/** The same distribution as the next version: a generation is done, and nothing is learned. */
function renamed(state: State): State {
  return { ...state, version: state.version + 1, asked: 0 };
}

/** The mean of each score, over the candidates that have it. */
function meansOf(scores: readonly Scores[]): Scores {
  const names = new Set(scores.flatMap((each) => Object.keys(each)));
  return Object.fromEntries(
    [...names].map((name) => [name, mean(scores.flatMap((each) => each[name] ?? []))!]),
  );
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of values in order. */
function median(values: readonly number[]): number | null {
  const middle = (values.length - 1) / 2;
  const [low, high] = [values[Math.floor(middle)], values[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
