/**
 * One simulation: the actors, the journal and the tables of a real search, on a virtual clock and with
 * trainers that only wait.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import {
  type PopulationEvent,
  recordPopulation,
  type RunFolder,
} from "../actors/population/recorded_population.ts";
import type { RunWork } from "../actors/population/run.ts";
import { type Minimum, minimumOf } from "../actors/record/minimum.ts";
import { parseSlotActor } from "../actors/population/slot.ts";
import type { RunFiles } from "../actors/record/run_files.ts";
import {
  inMemory,
  StandstillError,
  type Transport,
  type VirtualClock,
} from "../actors/runtime/mod.ts";
import { ConfigurationError } from "../options.ts";
import { deriveSeed, Random } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { simulationSchema } from "./configuration.ts";
import { exponential } from "./cost.ts";
import { durationText } from "../duration.ts";
import type { Job } from "./job.ts";
import { Observation } from "./observation.ts";
import { ObservedProgress } from "./observed_progress.ts";
import type { PreparedSimulation } from "./prepare.ts";
import { measure, type Measurements, type SimulationResult } from "./result.ts";
import { JobTable, writeLoad } from "./tables.ts";
import { type SimulatedTraining, start as startTrainer } from "./trainer.ts";
import { delayed } from "./transports/delayed.ts";
import { mortal } from "./transports/mortal.ts";

/** What a simulation tells while it runs. */
export type SimulationEvent =
  | PopulationEvent
  /** An attempt of a trainer ended. */
  | ({ readonly type: "job" } & Job);

/** Where a simulation takes place. */
export interface World {
  readonly clock: VirtualClock;
  readonly files: RunFiles;
  readonly folder: RunFolder;
  /** Begin, or continue what is in the folder's journal. */
  readonly how: "begin" | "resume";
  /** Makes of the way to the trainers another one. Default: leaves it as it is. */
  readonly between?: (transport: Transport) => Transport;
  /** Looks at what the system and each of its actors say to each other. Default: nobody does. */
  readonly watch?: (transport: Transport) => Transport;
}

/** What a simulation is told and tells; nobody need look at it or end it early. */
export type SimulationWork =
  & Pick<RunWork<SimulationEvent, Minimum>, "emit" | "signal">
  & Partial<RunWork<SimulationEvent, Minimum>>;

const NEVER = new AbortController().signal;

/** How many a trainer gives within a lease. */
const SIGNS_OF_LIFE = 3;

/** The name of a simulated run for itself: the same options give the same. */
export function simulationId({ configuration }: PreparedSimulation): string {
  return `simulation-${crc32(JSON.stringify(configuration)).toString(16).padStart(8, "0")}`;
}

/**
 * Run a simulation to its end.
 *
 * @throws {RunStopped} If the signal was aborted.
 * @throws {ConfigurationError} If all candidates failed, or it can never end.
 */
export async function runSimulation(
  prepared: PreparedSimulation,
  world: World,
  run: SimulationWork,
): Promise<SimulationResult> {
  const { configuration, plan, stoppers, fleet, parts, leaseMs } = prepared;
  const { clock, files, folder, how, watch = (transport) => transport } = world;
  const { maxAttempts, target } = configuration;
  /** Ends the search where it cannot go on. */
  const cut = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  using jobs = new JobTable(folder.file("jobs.csv"), files);
  const observation = new Observation({
    clock,
    parts,
    maxAttempts,
    target,
    onJob: (job) => {
      try {
        jobs.add(job);
      } catch (error) {
        // It is not the trainer's, in whose turn this is.
        failure ??= { error };
        cut.abort();
      }
      run.emit({ type: "job", ...job });
    },
  });
  const progress = new ObservedProgress(plan, observation);
  let restarts = 0;
  let ended: string | null = null;
  const measured = () =>
    measure(observation, {
      trainers: fleet.devices.length,
      duplicate: progress.duplicates,
      restarts,
    });
  const training: Omit<SimulatedTraining, "decides"> = {
    costMs: prepared.costMs,
    speeds: fleet.speeds,
    objective: prepared.objective,
    heartbeatEveryMs: leaseMs / SIGNS_OF_LIFE,
    onStart: (attempt, slot, device) => observation.began(attempt, slot, device),
    onEnd: (slot, isCut) => observation.ended(slot, isCut),
  };
  const standstill = ({ at }: StandstillError) =>
    new ConfigurationError(
      `Cannot end the simulation: after ${
        durationText(at)
      } nothing is left that could happen, with ` +
        `${observation.busy.value} of ${fleet.devices.length} trainers at work and ` +
        `${observation.queue.value} evaluations waiting; with a lease, trainers that hang are replaced`,
    );
  const search = recordPopulation({
    finishing: NEVER,
    showWith: () => {},
    ...run,
    kind: "simulation",
    entries: simulationSchema.entries,
    plan,
    progress,
    configuration: { ...configuration },
    contents: {},
    // The others only take time.
    terms: parts.map((part, index) => ({
      part,
      module: startTrainer,
      init: { ...training, decides: index === 0 },
      score: index === 0 ? "value" : part,
      weight: index === 0 ? -1 : 0,
    })),
    stoppers,
    devices: fleet.devices,
    placement: { kind: "own", transport: watch(transportOf(prepared, world)) },
    maxAttempts,
    leaseMs,
    folder,
    simulation: {
      clock,
      files,
      facts: () => summaryOf(measured()),
      controlPlacement: { kind: "own", transport: watch(inMemory) },
    },
    how,
    source: sourceOf(prepared),
    describeBest: minimumOf,
    emit: (event) => {
      // An earlier process spent none of this one's time.
      if (event.type === "started") observation.resultsMs = 0;
      if (event.type === "lost") restarts++;
      if (event.type === "ended") ended = event.reason;
      run.emit(event);
    },
    signal: AbortSignal.any([run.signal, cut.signal]),
  });
  const winner = await clock.runUntil(search).catch(async (error) => {
    const isStandstill = error instanceof StandstillError;
    const reason = failure?.error ?? (isStandstill ? standstill(error) : error);
    if (isStandstill) {
      cut.abort();
      await clock.runUntil(search).catch(() => {});
    }
    try {
      jobs.flush();
    } catch {
      // What went wrong first is the reason.
    }
    throw reason;
  });
  jobs.flush();
  writeLoad(folder.file("load.csv"), files, observation);
  return {
    ...minimumOf(winner),
    ...measured(),
    ended,
    milestones: observation.milestones,
    directory: folder.path === "" ? null : folder.path,
  };
}

/** What `summary.json` says besides what it says of every run. */
function summaryOf({ seconds: _s, trainers: _t, utilization: _u, ...rest }: Measurements): object {
  return rest;
}

function sourceOf({ configuration }: PreparedSimulation): string {
  const { objective, dimension, cost } = configuration;
  return `a simulation: ${objective} in ${dimension} dimensions, cost ${cost}`;
}

/** Between the search and its trainers. */
function transportOf(prepared: PreparedSimulation, { between }: World): Transport {
  const { startMs, mtbfMs, latencyMs, plan } = prepared;
  let transport = mortal(inMemory, (actor, life) => {
    const trainer = Number(parseSlotActor(actor)!.slot.replace("slot-", ""));
    const random = new Random(deriveSeed(plan.seed, RUN_STREAMS.failure, trainer, life));
    return { startMs: startMs(actor, life), upMs: exponential(mtbfMs, random) };
  });
  if (between) transport = between(transport);
  return latencyMs === 0 ? transport : delayed(transport, () => latencyMs);
}
