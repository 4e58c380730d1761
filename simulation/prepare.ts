/**
 * From the options of a simulation to all that it is made of.
 *
 * @module
 */
import { resolve } from "node:path";
import { loadGuides } from "../actors/own/load_guides.ts";
import type { Stopper } from "../actors/population/stopper.ts";
import {
  type SearchPlan,
  SearchProgress,
  stalenessOf,
} from "../actors/population/search_progress.ts";
import { checkOptions, ConfigurationError, requireMeaning, withoutDefaults } from "../options.ts";
import {
  parseLatency,
  parseSpan,
  simulationSchema,
  type SimulationSettings,
} from "./configuration.ts";
import { type Cost, costModel, parseCost, parseStragglers } from "./cost.ts";
import { type Fleet, parseFleet } from "./fleet.ts";
import type { Attempt } from "./job.ts";
import {
  type Objective,
  parseObjective,
  recordedObjective,
  type SimulatedObjective,
  testFunction,
} from "./objectives.ts";
import { readRecording, type Recording } from "./recording.ts";
import { parseStart, startModel, type StartMs, type StartTime } from "./start.ts";

/** A simulation, ready to be run. */
export interface PreparedSimulation {
  readonly configuration: SimulationSettings;
  readonly plan: SearchPlan;
  readonly stoppers: readonly Stopper[];
  readonly fleet: Fleet;
  /** What an evaluation has. */
  readonly parts: readonly string[];
  /** Milliseconds that an attempt takes at speed 1. */
  readonly costMs: (attempt: Attempt) => number;
  readonly objective: SimulatedObjective;
  readonly startMs: StartMs;
  readonly latencyMs: number;
  /** `Infinity` if no trainer fails. */
  readonly mtbfMs: number;
  readonly leaseMs: number;
}

/** A candidate is on its way once, and a sign of life, of which a lease has three, another time. */
const LATENCIES_OF_A_LEASE = 3;

/**
 * Check everything that can be checked before anything is written or computed.
 *
 * @param options Not checked.
 * @throws {ConfigurationError} If an option or a recorded run cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function prepareSimulation(
  options: { readonly [Option in keyof SimulationSettings]?: unknown },
  signal?: AbortSignal,
): Promise<PreparedSimulation> {
  const checked = checkOptions(simulationSchema, options);
  const { entries } = simulationSchema;
  requireMeaning(entries, withoutDefaults(entries, options), checked);
  const recordings = new Map<string, Promise<Recording>>();
  const recordingOf = async (source: { readonly kind: string; readonly run?: string }) => {
    const { run } = source;
    if (run === undefined) return undefined;
    if (!recordings.has(run)) recordings.set(run, readRecording(run));
    return await recordings.get(run)!;
  };
  const cost = parseCost(checked.cost)!;
  const objective = parseObjective(checked.objective)!;
  const start = parseStart(checked.start)!;
  const recordedCosts = await recordingOf(cost);
  const recordedValues = await recordingOf(objective);
  const dimension = dimensionOf(checked, options, recordedValues);
  const { strategy, stoppers, options: guides } = await loadGuides(
    checked,
    (fitness, target) => -fitness <= target,
    signal,
  );
  const { seed } = checked;
  const plan: SearchPlan = {
    mean: new Array<number>(dimension).fill(0.5),
    bounds: {
      lower: new Array<number>(dimension).fill(0),
      upper: new Array<number>(dimension).fill(1),
    },
    sigma: checked.sigma,
    populationSize: checked.population,
    generations: checked.generations,
    strategy,
    mode: checked.mode,
    staleness: stalenessOf(checked),
    finalists: checked.finalists,
    finalistRepeats: checked.finalistRepeats,
    seed,
  };
  const fleet = parseFleet(checked.trainers)!;
  requireWork(checked, fleet.devices.length, populationOf(plan));
  const latencyMs = parseLatency(checked.latency)!;
  const leaseMs = parseSpan(checked.lease)!;
  if (leaseMs <= LATENCIES_OF_A_LEASE * latencyMs) {
    throw new ConfigurationError(
      (nameOf) =>
        `Option ${
          nameOf("lease")
        } must be more than ${LATENCIES_OF_A_LEASE} times the latency of ` +
        `${checked.latency}, received ${checked.lease}: every trainer would be taken for hung`,
    );
  }
  return {
    configuration: {
      ...checked,
      cost: lasting(checked.cost, cost),
      objective: lasting(checked.objective, objective),
      start: lasting(checked.start, start),
      dimension,
      ...guides,
    },
    plan,
    stoppers,
    fleet,
    parts: recordedCosts?.parts ?? ["measure"],
    costMs: costModel(cost, parseStragglers(checked.stragglers)!, seed, recordedCosts),
    objective: objective.kind === "recorded"
      ? recordedObjective(recordedValues!, seed)
      : testFunction(objective.kind, dimension, seed),
    startMs: startModel(start, seed),
    latencyMs,
    mtbfMs: parseSpan(checked.mtbf)!,
    leaseMs,
  };
}

/** What an option names, so that it is the same from whatever folder it is read. */
function lasting(text: string, named: Cost | Objective | StartTime): string {
  return named.kind === "recorded" ? `recorded:${resolve(named.run)}` : text;
}

/** @throws {ConfigurationError} If another one is asked for than a recorded run has. */
function dimensionOf(
  checked: SimulationSettings,
  given: { readonly dimension?: unknown },
  recorded: Recording | undefined,
): number {
  if (!recorded) return checked.dimension;
  if (given.dimension === undefined || given.dimension === recorded.dimension) {
    return recorded.dimension;
  }
  throw new ConfigurationError(
    (nameOf) =>
      `Option ${
        nameOf("dimension")
      } must be the ${recorded.dimension} of the objective ${checked.objective}, or ` +
      `be left out, received ${given.dimension}`,
  );
}

/** @throws {ConfigurationError} If the plan's numbers do not fit each other. */
function populationOf(plan: SearchPlan): number {
  try {
    return new SearchProgress(plan).population;
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/** @throws {ConfigurationError} If some trainers would never have any work. */
function requireWork(
  { mode, generations }: SimulationSettings,
  trainers: number,
  population: number,
) {
  const candidates = mode === "sync" ? population : population * generations;
  if (trainers <= candidates) return;
  const bound = mode === "sync"
    ? `the population of ${candidates} in mode sync`
    : `the ${candidates} candidates of all generations`;
  throw new ConfigurationError(
    (nameOf) =>
      `Option ${
        nameOf("trainers")
      } must be at most ${bound}, received ${trainers}: the others would never work`,
  );
}
