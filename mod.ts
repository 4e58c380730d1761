/**
 * mddes finds the few-pixel disturbance of training images that makes a neural network stop
 * generalising: MDD-ES (Chaudhury and Yamasaki, ICASSP 2020, arXiv 2003.06646). CMA-ES proposes a
 * disturbance for each class; for each proposal a network is trained from scratch and a
 * discriminator is trained to tell clean from disturbed images; their scores move the search.
 *
 * {@linkcode search} is the whole search as one call, {@linkcode resume} continues one, and
 * {@linkcode minimize} runs the same asynchronous CMA-ES over an objective of your own, and
 * {@linkcode resumeMinimize} continues that.
 *
 * @example Search, and watch it
 * ```ts ignore
 * import { search } from "./mod.ts";
 *
 * await using run = search({ dataset: "mnist", pixels: 1, generations: 20, seed: 7 });
 * for await (const event of run) {
 *   if (event.type === "generation") console.log(event.generation, event.bestSoFar);
 * }
 * const { best, directory } = await run.result;
 * ```
 *
 * @module
 */
export type {
  PopulationSettings,
  SearchConfiguration,
  SearchOptions,
} from "./actors/configuration.ts";
export type { EvaluationContext, Objective, ObjectiveContext } from "./actors/roles/measurer.ts";
export type { Stopper, StopperContext } from "./actors/population/stopper.ts";
export type { Draw, Shown, Start, Strategy, Told } from "./strategies/mod.ts";
export type { Term, TermContext } from "./actors/roles/own_term.ts";
export {
  minimize,
  type MinimizeOptions,
  type MinimizeResult,
  resumeMinimize,
  type ResumeMinimizeOptions,
} from "./actors/minimize.ts";
export type { EvaluationKey, GenerationDone, Scores, Winner } from "./actors/record/facts.ts";
export type { CandidateProgress, Pruner } from "./actors/population/pruner.ts";
export type { EarlierReport } from "./actors/population/report_history.ts";
export type { PopulationEvent } from "./actors/population/recorded_population.ts";
export { Run, RunStopped } from "./actors/population/run.ts";
export {
  type BestDisturbance,
  resume,
  type ResumeOptions,
  search,
  type SearchEvent,
  type SearchResult,
  type SearchRunOptions,
} from "./actors/search.ts";
export type { Disturbance, DisturbanceMode, DisturbedPixel, Shape } from "./datasets/mod.ts";
export { ConfigurationError } from "./options.ts";
