/**
 * The same population search over any objective: CMA-ES whose evaluations run in parallel, survive
 * crashes, and are written to a journal.
 *
 * @module
 */
import type * as v from "valibot";
import { checkOptions, ConfigurationError, requireMeaning, withoutDefaults } from "../options.ts";
import { checkPart } from "./own/check_part.ts";
import { minimizeSchema, type PopulationSettings } from "./configuration.ts";
import type { FitnessTerm } from "./population/fitness.ts";
import type { Winner } from "./record/facts.ts";
import type { Pruner } from "./population/pruner.ts";
import {
  type PopulationEvent,
  type RecordedPopulationOptions,
  recordPopulation,
} from "./population/recorded_population.ts";
import { Run } from "./population/run.ts";
import { RunDirectory } from "./record/run_directory.ts";
import { requireNoFewer } from "./record/same_run.ts";
import { loadGuides } from "./own/load_guides.ts";
import type { Stopper } from "./population/stopper.ts";
import { type SearchPlan, SearchProgress, stalenessOf } from "./population/search_progress.ts";

/** Options of {@linkcode minimize}. */
export interface MinimizeOptions extends Partial<PopulationSettings> {
  /** A module that exports {@linkcode Objective} as `evaluate`. */
  readonly evaluator: URL;
  /** Start of the search, length N, within the bounds. */
  readonly mean: readonly number[];
  /** Lower bound of every coordinate. Default: none. */
  readonly lower?: number;
  /** Upper bound of every coordinate. Default: none. */
  readonly upper?: number;
  /** Evaluations at the same time, 1 to 10,000. Default: one for each core. */
  readonly workers?: number;
  /** Folder for the run; must not exist. */
  readonly directory: string;
  /** Stops the search; `result` then rejects with {@linkcode RunStopped}. */
  readonly signal?: AbortSignal;
}

/** What {@linkcode minimize} ends with. */
export interface MinimizeResult {
  /** The best point, length N. */
  readonly x: readonly number[];
  /** Its value: the mean over the finalist's repeats, or without repeats that of the search. */
  readonly value: number;
  /** The folder of the run. */
  readonly directory: string;
}

/**
 * Minimise an objective by CMA-ES, whose evaluations run in parallel and survive crashes.
 *
 * @param options Those of {@linkcode PopulationSettings}, which may be left out; the objective, where
 * to start, and where to write, which may not.
 * @returns A run: iterate it for its events, await its `result`. The events' and files' fitness is
 * the objective's value with the sign turned, to be maximised. The result rejects with a
 * {@linkcode ConfigurationError} for options or a module that cannot be used, before anything is
 * written, and at its end if all candidates failed.
 *
 * @example Rosenbrock's function in four dimensions
 * ```ts
 * import { minimize } from "@mddes/mddes";
 *
 * await using run = minimize({
 *   // A module that exports `evaluate`, a function of x.
 *   evaluator: new URL("../examples/rosenbrock.ts", import.meta.url),
 *   mean: [0, 0, 0, 0],
 *   sigma: 0.5,
 *   generations: 100,
 *   finalistRepeats: 0, // the function is not noisy
 *   directory: `${await Deno.makeTempDir()}/run`,
 * });
 * const { x, value } = await run.result;
 * console.log(x, value);
 * ```
 */
export function minimize(options: MinimizeOptions): Run<PopulationEvent, MinimizeResult> {
  const { evaluator, directory, signal, ...rest } = options;
  const { entries } = minimizeSchema;
  return new Run(async (emit, stop) => {
    if (!(evaluator instanceof URL)) {
      throw new ConfigurationError(
        `Option evaluator must be a URL object, received ${JSON.stringify(evaluator)}`,
      );
    }
    const prepared = await prepare(evaluator.href, rest, stop, withoutDefaults(entries, rest));
    using folder = RunDirectory.create(directory);
    return await runPrepared(prepared, folder, false, emit, stop);
  }, signal);
}

/** Options of {@linkcode resumeMinimize}. */
export interface ResumeMinimizeOptions {
  /** More generations than the run was begun with. */
  readonly generations?: number;
  /** Default: as the run was begun with. Changes when things are computed, not what. */
  readonly workers?: number;
  /** Stops the search again. */
  readonly signal?: AbortSignal;
}

/**
 * Continue a run of {@linkcode minimize} that was stopped or has crashed, or extend one that is done.
 * What was in the journal is not computed again. The objective must still compute the same: that is
 * not checked.
 *
 * @param directory The folder of the run.
 * @returns A run. Its result rejects as that of {@linkcode minimize}; then nothing in the folder was
 * changed.
 */
export function resumeMinimize(
  directory: string,
  { generations, workers, signal }: ResumeMinimizeOptions = {},
): Run<PopulationEvent, MinimizeResult> {
  return new Run(async (emit, stop) => {
    using folder = RunDirectory.open(directory);
    const begun = folder.readConfiguration("minimize", minimizeSchema);
    const { evaluator } = begun;
    if (evaluator === undefined) {
      throw new ConfigurationError(
        `Cannot resume ${directory}: its config.json must name the evaluator, which mddes 0.1.0 did ` +
          `not write there; add the URL of its module`,
      );
    }
    const changed = {
      ...begun,
      generations: generations ?? begun.generations,
      workers: workers ?? begun.workers,
    };
    const prepared = await prepare(evaluator, changed, stop);
    requireNoFewer(changed.generations, begun.generations, directory);
    return await runPrepared(prepared, folder, true, emit, stop);
  }, signal);
}

type Configuration = v.InferOutput<typeof minimizeSchema>;

interface PreparedMinimize extends Pick<RecordedPopulationOptions, "plan" | "progress"> {
  readonly configuration: Configuration & { readonly evaluator: string; readonly workers: number };
  readonly stoppers: readonly Stopper[];
  readonly pruner: Pruner | undefined;
}

/**
 * Check everything that can be checked before anything is written or computed.
 *
 * @param evaluator URL of the module.
 * @param options All the others, not checked.
 * @param given Those of them that must mean something.
 * @throws {ConfigurationError} If an option or the evaluator cannot be used.
 */
async function prepare(
  evaluator: string,
  options: { readonly [Option in keyof Configuration]?: unknown },
  signal: AbortSignal,
  given: Readonly<Record<string, unknown>> = {},
): Promise<PreparedMinimize> {
  const { lower = null, upper = null, workers = navigator.hardwareConcurrency } = options;
  const checked = checkOptions(minimizeSchema, { ...options, evaluator, workers, lower, upper });
  requireMeaning(minimizeSchema.entries, given, checked);
  const { strategy, stoppers, pruner, options: guides } = await loadGuides(
    checked,
    (fitness, target) => -fitness <= target,
    signal,
  );
  const plan: SearchPlan = {
    mean: checked.mean,
    bounds: { lower: checked.lower, upper: checked.upper },
    sigma: checked.sigma,
    populationSize: checked.population,
    generations: checked.generations,
    strategy,
    mode: checked.mode,
    staleness: stalenessOf(checked),
    finalists: checked.finalists,
    finalistRepeats: checked.finalistRepeats,
    seed: checked.seed,
  };
  const progress = progressOf(plan);
  await checkPart(measureTerm(evaluator), evaluator, signal);
  const configuration = { ...checked, evaluator, workers: checked.workers!, ...guides };
  return { configuration, plan, progress, stoppers, pruner };
}

/** @throws {ConfigurationError} If the plan's numbers do not fit each other. */
function progressOf(plan: SearchPlan): SearchProgress {
  try {
    return new SearchProgress(plan);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

async function runPrepared(
  { configuration, plan, progress, stoppers, pruner }: PreparedMinimize,
  folder: RunDirectory,
  resumed: boolean,
  emit: (event: PopulationEvent) => void,
  signal: AbortSignal,
): Promise<MinimizeResult> {
  const { evaluator, workers, maxAttempts, leaseSeconds } = configuration;
  const resultOf = ({ genome, searchFitness, finalFitness }: Winner) => ({
    x: genome,
    value: 0 - (finalFitness ?? searchFitness),
  });
  const winner = await recordPopulation({
    kind: "minimize",
    entries: minimizeSchema.entries,
    plan,
    progress,
    configuration: { ...configuration },
    contents: {},
    terms: [measureTerm(evaluator)],
    stoppers,
    pruner,
    devices: new Array<string>(workers).fill("cpu"),
    placement: { kind: "worker" },
    maxAttempts,
    leaseMs: 1000 * leaseSeconds,
    folder,
    resumed,
    source: `the objective of ${evaluator}`,
    describeBest: resultOf,
    emit,
    signal,
  });
  return { ...resultOf(winner), directory: folder.path };
}

/** Fitness is maximised. */
function measureTerm(evaluator: string): FitnessTerm {
  return {
    part: "measure",
    module: new URL("./roles/measurer.ts", import.meta.url),
    init: { evaluator },
    score: "value",
    weight: -1,
  };
}
