/**
 * The same population search over any objective: CMA-ES whose evaluations run in parallel, survive
 * crashes, and are written to a journal.
 *
 * @module
 */
import * as v from "valibot";
import {
  checkOptions,
  ConfigurationError,
  populationEntries,
  type PopulationSettings,
} from "./configuration.ts";
import type { Winner } from "./protocol.ts";
import { type PopulationEvent, recordPopulation } from "./recorded_population.ts";
import { Run } from "./run.ts";
import { RunDirectory } from "./run_directory.ts";
import { stalenessOf } from "./search_progress.ts";

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
  /** Evaluations at the same time. Default: one for each core. */
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

const settings = v.strictObject(populationEntries);

/** What `config.json` of a run of {@linkcode minimize} holds. */
export const minimizeSchema = v.strictObject({
  ...populationEntries,
  mean: v.array(v.number("a list of numbers")),
  lower: v.nullable(v.number("a number")),
  upper: v.nullable(v.number("a number")),
});

/**
 * Minimise an objective.
 *
 * @returns A run: iterate it for its events, await its `result`. The events' and files' fitness is
 * the objective's value with the sign turned, to be maximised.
 *
 * @example A sphere in ten dimensions
 * ```ts ignore
 * import { minimize } from "../mod.ts";
 *
 * await using run = minimize({
 *   evaluator: new URL("./sphere.ts", import.meta.url), // export const evaluate = (x) => ...
 *   mean: Array(10).fill(1),
 *   sigma: 0.5,
 *   generations: 100,
 *   directory: "runs/sphere",
 * });
 * const { x, value } = await run.result;
 * ```
 */
export function minimize(options: MinimizeOptions): Run<PopulationEvent, MinimizeResult> {
  const { evaluator, mean, lower = null, upper = null, workers, directory, signal, ...rest } =
    options;
  const slots = workers ?? navigator.hardwareConcurrency;
  return new Run(async (emit, stop) => {
    const configuration = checkOptions(settings, rest);
    if (!(Number.isInteger(slots) && slots > 0)) {
      throw new ConfigurationError(
        `Option workers must be a positive integer, received ${JSON.stringify(slots)}`,
      );
    }
    const { population, generations, strategy, mode, finalists, finalistRepeats, seed } =
      configuration;
    const plan = {
      mean,
      bounds: { lower, upper },
      sigma: configuration.sigma,
      population,
      generations,
      strategy,
      mode,
      staleness: stalenessOf(configuration),
      finalists,
      finalistRepeats,
      seed,
    };
    using folder = RunDirectory.create(directory);
    const source = `the objective of ${evaluator}`;
    const written = { ...configuration, mean, lower, upper };
    folder.writeConfiguration("minimize", source, written);
    const resultOf = ({ genome, searchFitness, finalFitness }: Winner) => ({
      x: genome,
      value: -(finalFitness ?? searchFitness),
    });
    const winner = await recordPopulation({
      plan,
      configuration: written,
      parts: [{
        part: "measure",
        module: new URL("./measurer.ts", import.meta.url),
        init: { evaluator: evaluator.href },
      }],
      weights: { mismatch: 0, divergence: 0 },
      devices: new Array<string>(slots).fill("cpu"),
      placement: { kind: "worker" },
      maxAttempts: configuration.maxAttempts,
      leaseMs: 1000 * configuration.leaseSeconds,
      folder,
      resumed: false,
      source,
      describeBest: resultOf,
      emit,
      signal: stop,
    });
    return { ...resultOf(winner), directory: folder.path };
  }, signal);
}
