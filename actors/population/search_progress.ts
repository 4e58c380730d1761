/**
 * What a search knows at any moment, as a fold over its events. The updater folds live events, a
 * resumed run folds those of the journal, and both arrive at the same state.
 *
 * @module
 */
import { meanOf, medianOf } from "../../averages.ts";
import type { Staleness } from "../../evolution/mod.ts";
import type { AnyStrategy, Shown, Start, Told } from "../../strategies/mod.ts";
import { deriveSeed } from "../../random.ts";
import { ReportHistory } from "./report_history.ts";
import {
  type Evaluated,
  type EvaluationKey,
  type GenerationDone,
  keyOf,
  type Sampled,
  type Scores,
  type Winner,
} from "../record/facts.ts";
import { OpenEvaluations } from "./open_evaluations.ts";
import type { Distribution } from "./protocol.ts";

/** What decides the course of a search, apart from the objective. */
export interface SearchPlan extends Start {
  readonly generations: number;
  readonly strategy: AnyStrategy;
  readonly mode: "sync" | "async";
  readonly staleness: Staleness;
  readonly finalists: number;
  readonly finalistRepeats: number;
  /** Whether the candidates of a generation have one evaluation seed. Default: each has its own. */
  readonly seeds?: "own" | "common" | undefined;
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
  { staleness, maxAge }: { readonly staleness: Staleness["policy"]; readonly maxAge: number },
): Staleness {
  return staleness === "drop" ? { policy: "drop", maxAge } : { policy: staleness };
}

/**
 * The seed of an evaluation: who does it, when, and in which attempt changes nothing. In a search with
 * common seeds all candidates of a generation have that of the first one.
 */
export function evaluationSeed(
  { seed, seeds }: Pick<SearchPlan, "seed" | "seeds">,
  { generation, candidate, repeat }: EvaluationKey,
): number {
  const isCommon = seeds === "common" && repeat === 0;
  return deriveSeed(seed, generation, isCommon ? 0 : candidate, repeat);
}

/** The fold. */
export class SearchProgress {
  /** What a pruner may compare with. */
  readonly history: ReportHistory = new ReportHistory();
  readonly #plan: SearchPlan;
  #state: unknown;
  #waiting: { result: Told; evaluated: Evaluated }[] = [];
  readonly #open: OpenEvaluations;
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
    this.#state = plan.strategy.create(plan);
    this.#open = new OpenEvaluations(this.population);
  }

  /** What candidates are drawn from now. */
  get distribution(): Distribution {
    return { type: "Distribution", state: this.#state, version: this.#generation };
  }

  /** Updates done: the version of the state. */
  get generation(): number {
    return this.#generation;
  }

  /** The best candidate of the search so far; `null` before there is one. */
  get best(): Winner | null {
    const [best] = this.#best;
    return best ? { ...winnerOf(best), finalFitness: null } : null;
  }

  /** What the distribution is like. */
  get shown(): Shown {
    return this.#plan.strategy.show(this.#state);
  }

  /** Candidates of a generation. */
  get population(): number {
    return this.#plan.strategy.populationSize(this.#state);
  }

  /** Evaluations in the search and for the finalists, if none is wasted. */
  get evaluationsPlanned(): number {
    const { generations, finalists, finalistRepeats } = this.#plan;
    const searched = this.searched ? this.#told + this.#wasted : generations * this.population;
    return searched + Math.min(finalists, searched) * finalistRepeats;
  }

  /** The number of the next candidate: generation * population + candidate. */
  get nextSerial(): number {
    return this.#serial;
  }

  /** Evaluations that were started and have no result. */
  get open(): readonly Sampled[] {
    return this.#open.all;
  }

  /** Whether the last generation is done. */
  get searched(): boolean {
    return this.#finalists !== undefined;
  }

  /** Evaluations of finalists that are to be done and were not started. */
  get finalistsToStart(): readonly Sampled[] {
    if (!this.#finalists) return [];
    return this.#repeatsToDo().filter((repeat) => !this.#open.find(repeat));
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
    return this.#open.find(key);
  }

  /** An evaluation starts. */
  sampled(event: Sampled): void {
    if (this.#serial === 0) this.#state = this.#plan.strategy.create(this.#plan, event.draw);
    this.#open.add(event);
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
    const sampled = this.#open.find(event);
    if (!sampled) {
      throw new Error(`Cannot take a result: evaluation ${keyOf(event)} was not started`);
    }
    this.#open.delete(sampled);
    if (event.repeat > 0) {
      this.#repeats.set(keyOf(event), event.fitness);
      return this.#finished();
    }
    if (this.searched) {
      this.#wasted++;
      return {};
    }
    this.#told++;
    this.#remember(sampled, event);
    // Strategies minimise.
    const { fitness, shares } = event;
    const result: Told = {
      ...sampled.draw,
      fitness: -(fitness ?? -Infinity),
      ...(shares && { shares: shares.map((share) => -share) }),
    };
    if (!this.#learn(result, event)) return {};
    const results = this.#waiting.map((entry) => entry.evaluated);
    this.history.add(results);
    const generation = this.#summary(results);
    this.#waiting = [];
    this.#generation++;
    if (this.#generation < this.#plan.generations) return { generation };
    return { generation, ...this.end() };
  }

  /** @returns Whether the state is of the next version. */
  #learn(result: Told, evaluated: Evaluated): boolean {
    const { strategy, mode, staleness } = this.#plan;
    if (mode === "async" && strategy.tellOne) {
      const { state, counts, updated } = strategy.tellOne(this.#state, result, staleness);
      this.#state = state;
      if (counts) this.#waiting.push({ result, evaluated });
      else this.#wasted++;
      return updated;
    }
    this.#waiting.push({ result, evaluated });
    if (this.#waiting.length < this.population) return false;
    this.#state = strategy.tell(this.#state, this.#waiting.map((entry) => entry.result));
    return true;
  }

  /** The search ends here, before its last generation: the same as if that were done. */
  end(): Outcome {
    this.#finalists = this.#best;
    return { finalists: this.#repeatsToDo(), ...this.#finished() };
  }

  /** Criteria of the strategy that are met, with the value that met them. */
  get converged(): Readonly<Record<string, number>> {
    return this.#plan.strategy.converged?.(this.#state) ?? {};
  }

  /** Generations that are planned. */
  get generations(): number {
    return this.#plan.generations;
  }

  #remember(sampled: Sampled, { fitness }: Evaluated): void {
    if (fitness === null) return;
    if (this.#bestSoFar === null || fitness > this.#bestSoFar) this.#bestSoFar = fitness;
    const one: Finalist = { sampled, searchFitness: fitness };
    const { finalists } = this.#plan;
    const last = this.#best.at(-1);
    if (this.#best.length === finalists && (!last || inOrder(last, one) < 0)) return;
    this.#best.push(one);
    this.#best.sort(inOrder);
    this.#best.length = Math.min(this.#best.length, finalists);
  }

  #repeatsToDo(): Sampled[] {
    return this.#finalists!.flatMap(({ sampled }) =>
      Array.from({ length: this.#plan.finalistRepeats }, (_, i) => {
        const key = {
          generation: sampled.generation,
          candidate: sampled.candidate,
          repeat: i + 1,
        };
        return { ...sampled, ...key, seed: evaluationSeed(this.#plan, key) };
      })
    ).filter((repeat) => !this.#repeats.has(keyOf(repeat)));
  }

  /** The winner, if nothing is left to do. */
  #finished(): Pick<Outcome, "winner"> {
    if (!this.#finalists || this.#repeatsToDo().length > 0) return {};
    const candidates = this.#finalists.map((finalist): Winner => ({
      ...winnerOf(finalist),
      finalFitness: this.#meanOfRepeats(finalist.sampled),
    }));
    const score = (winner: Winner) =>
      this.#plan.finalistRepeats === 0 ? winner.searchFitness : winner.finalFitness ?? -Infinity;
    return { winner: candidates.toSorted((a, b) => score(b) - score(a))[0] ?? null };
  }

  #meanOfRepeats({ generation, candidate }: Sampled): number | null {
    const { finalistRepeats } = this.#plan;
    const values: number[] = [];
    for (let repeat = 1; repeat <= finalistRepeats; repeat++) {
      const fitness = this.#repeats.get(keyOf({ generation, candidate, repeat }));
      if (fitness === null || fitness === undefined) return null;
      values.push(fitness);
    }
    return orNull(meanOf, values);
  }

  #summary(results: readonly Evaluated[]): GenerationDone {
    // In the order of the candidates, so that rounding does not depend on who was first.
    const ordered = results.toSorted((a, b) =>
      a.generation - b.generation || a.candidate - b.candidate
    );
    const fitness = ordered.map((result) => result.fitness).filter((value) => value !== null)
      .sort((a, b) => b - a);
    const { sigma, axisRatio } = this.shown;
    return {
      type: "GenerationDone",
      generation: this.#generation,
      evaluations: this.#told,
      wasted: this.#wasted,
      sigma,
      axisRatio,
      bestFitness: fitness[0] ?? null,
      medianFitness: orNull(medianOf, fitness),
      worstFitness: fitness.at(-1) ?? null,
      bestSoFar: this.#bestSoFar,
      means: meansOf(ordered.map(({ scores }) => scores)),
    };
  }
}

/** The best first, of equal ones that which was drawn first. */
function inOrder(a: Finalist, b: Finalist): number {
  return b.searchFitness - a.searchFitness ||
    a.sampled.generation - b.sampled.generation || a.sampled.candidate - b.sampled.candidate;
}

function winnerOf({ sampled, searchFitness }: Finalist): Omit<Winner, "finalFitness"> {
  const { generation, candidate, draw } = sampled;
  return { generation, candidate, genome: draw.x, searchFitness };
}

/** The mean of each score, over the candidates that have it. */
function meansOf(scores: readonly Scores[]): Scores {
  const values = new Map<string, number[]>();
  for (const each of scores) {
    for (const name in each) {
      const known = values.get(name);
      if (known) known.push(each[name]!);
      else values.set(name, [each[name]!]);
    }
  }
  return Object.fromEntries([...values].map(([name, found]) => [name, meanOf(found)]));
}

/** What a function makes of values, or `null` where there are none. */
function orNull(
  summary: (values: readonly number[]) => number,
  values: readonly number[],
): number | null {
  return values.length === 0 ? null : summary(values);
}
