/**
 * Searches on a virtual clock: how many trainers are worth their while, whether to wait for the slow
 * ones, what failures cost. A simulation takes seconds for what takes a real search days.
 *
 * @example Sync against async
 * ```ts
 * import { simulate } from "@mddes/mddes/simulation";
 *
 * for (const mode of ["sync", "async"] as const) {
 *   await using run = simulate({
 *     mode,
 *     trainers: ["64"],
 *     population: 64,
 *     cost: "lognormal:30s,1",
 *     generations: 100,
 *   });
 *   const { seconds, utilization } = await run.result;
 *   console.log(mode, seconds, utilization);
 * }
 * ```
 *
 * @module
 */
export type { PopulationSettings } from "../actors/configuration.ts";
export type { Minimum } from "../actors/record/minimum.ts";
export type { Missed } from "../actors/population/event_queue.ts";
export type {
  DistributionSnapshot,
  RunSnapshot,
  RunState,
  SearchSnapshot,
} from "../actors/population/snapshot.ts";
export type { PopulationEvent } from "../actors/population/recorded_population.ts";
export { Run, RunStopped, type RunWork } from "../actors/population/run.ts";
export type { EvaluationKey, GenerationDone, Scores } from "../actors/record/facts.ts";
export { ConfigurationError } from "../options.ts";
export type { SimulationSettings } from "./configuration.ts";
export type { Attempt, Job } from "./job.ts";
export type { Milestone } from "./observation.ts";
export type { Measurements, SimulationResult, Wasted } from "./result.ts";
export type { SimulationEvent } from "./run_simulation.ts";
export { simulate, type SimulateOptions, type SimulationRun } from "./simulate.ts";
