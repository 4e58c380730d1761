/**
 * mddes finds the few-pixel disturbance of training images that makes a neural network stop
 * generalising: MDD-ES (Chaudhury and Yamasaki, ICASSP 2020, arXiv 2003.06646). CMA-ES proposes a
 * disturbance for each class; for each proposal a network is trained from scratch and a
 * discriminator is trained to tell clean from disturbed images; their scores move the search.
 *
 * | call                       | what                                                              |
 * | -------------------------- | ----------------------------------------------------------------- |
 * | {@linkcode search}         | the whole search; its options are {@linkcode SearchConfiguration} |
 * | {@linkcode resume}         | continues a search that was stopped, or extends one that is done  |
 * | {@linkcode evaluate}       | trains networks on what was found, and tests them on clean images |
 * | {@linkcode openRun}        | reads back what a run has left behind, also while it runs         |
 * | {@linkcode minimize}       | the same asynchronous CMA-ES over an objective of your own        |
 * | {@linkcode resumeMinimize} | continues that                                                    |
 *
 * Those that search return a {@linkcode Run}: iterate it for its events, await its `result`. The types of parts of
 * your own are {@linkcode Term}, {@linkcode Strategy}, {@linkcode Stopper}, {@linkcode Pruner} and
 * {@linkcode Objective}.
 *
 * The parts that it is made of have entry points of their own, and can be used alone:
 *
 * | entry point               | what                                                                |
 * | ------------------------- | ------------------------------------------------------------------- |
 * | `@mddes/mddes/runtime`    | actors, supervisors, workers and processes: {@link [runtime]}       |
 * | `@mddes/mddes/evolution`  | CMA-ES as pure functions on a plain state: {@link [evolution]}      |
 * | `@mddes/mddes/models`     | networks as data, engines that train them: {@link [models]}         |
 * | `@mddes/mddes/datasets`   | images, disturbances, batches: {@link [datasets]}                   |
 *
 * @example Search, and watch it
 * ```ts
 * import { search } from "@mddes/mddes";
 *
 * await using run = search({
 *   dataset: "synthetic", // "mnist" and the defaults take minutes
 *   trainSize: 100,
 *   discriminatorSize: 50,
 *   epochs: 1,
 *   population: 4,
 *   generations: 2,
 *   finalists: 1,
 *   seed: 7,
 *   directory: `${await Deno.makeTempDir()}/run`,
 * });
 * for await (const event of run) {
 *   if (event.type === "generation") console.log(event.bestSoFar);
 * }
 * const { best, directory } = await run.result;
 * console.log(directory, best.disturbance.classes[0]); // its pixel
 * ```
 *
 * @module
 */
export {
  type BestDisturbance,
  resume,
  type ResumeOptions,
  search,
  type SearchEvent,
  type SearchResult,
  type SearchRun,
  type SearchRunOptions,
} from "./actors/search.ts";
export {
  minimize,
  type MinimizeOptions,
  type MinimizeResult,
  type MinimizeRun,
  resumeMinimize,
  type ResumeMinimizeOptions,
} from "./actors/minimize.ts";
export type { Minimum } from "./actors/record/minimum.ts";
export {
  evaluate,
  type EvaluateOptions,
  type EvaluationEvent,
  type EvaluationPlan,
  type EvaluationResult,
} from "./actors/testing/evaluate.ts";
export {
  type EvaluatedCandidate,
  openRun,
  type RecordedMinimization,
  type RecordedPopulation,
  type RecordedRun,
  type RecordedSearch,
} from "./actors/open_run.ts";
export { Run, RunStopped, type RunWork } from "./actors/population/run.ts";
export { ConfigurationError } from "./options.ts";
export type {
  MinimizeConfiguration,
  PopulationSettings,
  SearchConfiguration,
  SearchOptions,
  WarmStart,
} from "./actors/configuration.ts";
export type { PopulationEvent } from "./actors/population/recorded_population.ts";
export type { NatsOptions } from "./actors/remote/nats_options.ts";
export type { Missed } from "./actors/population/event_queue.ts";
export type {
  DistributionSnapshot,
  RunSnapshot,
  RunState,
  SearchSnapshot,
} from "./actors/population/snapshot.ts";
export type {
  Evaluated,
  EvaluationKey,
  GenerationDone,
  Scores,
  Timing,
  Winner,
} from "./actors/record/facts.ts";
export type { RunSummary } from "./actors/record/summary.ts";
export type { TestFailed, TestOutcome, TestScores } from "./actors/testing/evaluator.ts";
export type { MethodTest } from "./actors/testing/methods.ts";
export type { EvaluationContext, Objective, ObjectiveContext } from "./actors/roles/measurer.ts";
export type { Term, TermContext } from "./actors/roles/own_term.ts";
export type { Draw, Shown, Start, Strategy, Told } from "./strategies/mod.ts";
export type { Stopper, StopperContext } from "./actors/population/stopper.ts";
export type { CandidateProgress, Pruner } from "./actors/population/pruner.ts";
export type { EarlierReport } from "./actors/population/report_history.ts";
export type { Cells, Staleness } from "./evolution/mod.ts";
export type {
  Disturbance,
  DisturbanceMode,
  DisturbedPixel,
  Shape,
  Split,
  SplitName,
} from "./datasets/mod.ts";
export type { Backend, EngineName, OnnxBackend, RecipeOptions, TfjsBackend } from "./models/mod.ts";
export { Random, type RandomState } from "./random.ts";
