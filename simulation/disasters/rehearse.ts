/**
 * A search with disasters: trainers fail, messages are late, its process ends and is resumed, and
 * everything that it says and writes is watched.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { deriveSeed, Random } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { PreparedSimulation } from "../prepare.ts";
import type { SimulationResult } from "../result.ts";
import type { SimulationEvent } from "../run_simulation.ts";
import { checkEndedFiles, checkSameResults } from "./ended_files.ts";
import { endOf, type FaultKind } from "./fault.ts";
import { FaultSchedule } from "./fault_schedule.ts";
import type { Breach, Invariant } from "./invariants.ts";
import { JournalWatch } from "./journal_watch.ts";
import { type Plan, preparePlan } from "./plan.ts";
import { type Ending, FOLDER, type Replaced, SearchProcess } from "./search_process.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { undisturbed } from "./undisturbed.ts";

/** What a rehearsal came to. */
export interface Rehearsed {
  /** The first invariant that did not hold; `undefined` if all held. */
  readonly breach: Breach | undefined;
  /** How many faults of each kind happened. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Evaluations with a result. */
  readonly evaluations: number;
  /** Processes that worked on the search. */
  readonly processes: number;
  /** From the start to the end, in virtual milliseconds. */
  readonly ms: number;
  /** A checksum of all that was shown, and when: the same plan gives the same. */
  readonly trace: number;
  /** Of the last process; `undefined` if all candidates failed, or an invariant did not hold. */
  readonly result: SimulationResult | undefined;
  /** The files of the run. */
  readonly disk: SimulatedDisk;
}

/** Options of {@linkcode rehearse}. */
export interface RehearseOptions {
  /** Default: nothing is. */
  readonly replaced?: Replaced;
  readonly onEvent?: (event: SimulationEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * Run a plan to its end, or to the first invariant that does not hold.
 *
 * @throws {ConfigurationError} If the settings cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function rehearse(
  plan: Plan,
  { replaced = {}, onEvent, signal }: RehearseOptions = {},
): Promise<Rehearsed> {
  const prepared = await preparePlan(plan, signal);
  const seedOf = (what: number) => deriveSeed(prepared.plan.seed, RUN_STREAMS.damage, what);
  const random = new Random(seedOf(0));
  const disk = new SimulatedDisk(new Random(seedOf(1)));
  const faults = new FaultSchedule(plan.faults);
  const limitMs = Math.max(0, ...plan.faults.map(endOf)) + allowanceMs(prepared);
  let beginsMs = 0;
  let processes = 0;
  let breach: Breach | undefined;
  let trace = 0;
  let ending: Ending;
  const onBreach = (invariant: Invariant, seen: string, atMs: number) => {
    breach ??= { invariant, atMs, seen };
  };
  let process: SearchProcess | undefined;
  const report = (invariant: Invariant, seen: string) => {
    if (process) process.broken(invariant, seen);
    else onBreach(invariant, seen, beginsMs);
  };
  const journal = new JournalWatch(prepared.plan, { disk, file }, report);
  do {
    const anew = processes === 0 ? prepared : await preparePlan(plan, signal);
    process = new SearchProcess({
      prepared: replaced.prepared?.(anew) ?? anew,
      disk,
      journal,
      faults,
      random,
      beginsMs,
      limitMs,
      replaced,
      onBreach,
      onEvent: (event, atMs) => {
        trace = crc32(`${atMs} ${JSON.stringify(event)}`, trace);
        onEvent?.(event);
      },
      signal,
    });
    processes++;
    ending = await process.run();
    beginsMs = process.nowMs;
    process = undefined;
    if (ending.kind === "power" || ending.kind === "torn") disk.cutPower(ending.kind === "torn");
    if (ending.kind === "stop" || ending.kind === "finished" || ending.kind === "fruitless") {
      const { failed } = await checkEndedFiles(prepared, disk, file, report);
      if (ending.kind === "finished" && failed === 0 && prepared.plan.mode === "sync") {
        checkSameResults(disk, await undisturbed(plan.settings, FOLDER), file, report);
      }
    }
    beginsMs += downMsOf(ending);
  } while (!breach && ending.kind !== "finished" && ending.kind !== "fruitless");
  return {
    breach,
    faults: faults.counts,
    evaluations: journal.evaluated.size,
    processes,
    ms: beginsMs,
    trace,
    result: ending.kind === "finished" ? ending.result : undefined,
    disk,
  };
}

/** Where the search has a file. */
function file(name: string): string {
  return `${FOLDER}/${name}`;
}

/** Time until somebody resumes it. */
function downMsOf(ending: Ending): number {
  if (ending.kind === "full" || ending.kind === "missing") return 60_000;
  return "downMs" in ending ? ending.downMs : 0;
}

/** More time than any search takes that nothing happens to any more. */
function allowanceMs(prepared: PreparedSimulation): number {
  const { costMs, fleet, leaseMs, latencyMs, plan, parts, configuration } = prepared;
  const slowest = Math.min(...Object.values(fleet.speeds));
  const attempts = parts.flatMap((part) =>
    Array.from(
      { length: 100 },
      (_, candidate) => costMs({ generation: 0, candidate, repeat: 0, part, attempt: 1 }),
    )
  );
  const attemptMs = 10 * Math.max(...attempts) / slowest + 2 * leaseMs + 10 * latencyMs + 1000;
  const evaluations = plan.generations * (plan.populationSize ?? 30) * (1 + fleet.devices.length) +
    plan.finalists * plan.finalistRepeats;
  return evaluations * parts.length * configuration.maxAttempts * attemptMs;
}
