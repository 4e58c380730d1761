/**
 * One process that works on a search, from its start until it ends, is stopped, or is cut off.
 *
 * @module
 */
import type { RunFiles } from "../../actors/record/run_files.ts";
import { parseSlotActor } from "../../actors/population/slot.ts";
import { RunStopped } from "../../actors/population/run.ts";
import { EscalationError, type Transport } from "../../actors/runtime/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { Random } from "../../random.ts";
import type { PreparedSimulation } from "../prepare.ts";
import type { SimulationResult } from "../result.ts";
import { runSimulation, type SimulationEvent, simulationId } from "../run_simulation.ts";
import { AnswerWatch } from "./answer_watch.ts";
import { badNetwork } from "./bad_network.ts";
import { FailingTrainers } from "./failing_trainers.ts";
import { type CrashFault, endOf } from "./fault.ts";
import type { FaultSchedule, Lasting, MomentFault } from "./fault_schedule.ts";
import type { Invariant, Report } from "./invariants.ts";
import type { JournalWatch } from "./journal_watch.ts";
import { listened } from "./listened.ts";
import { MailboxWatch } from "./mailbox_watch.ts";
import type { MountedDisk, SimulatedDisk } from "./simulated_disk.ts";
import { SimulatedFolder } from "./simulated_folder.ts";
import { WatchedClock } from "./watched_clock.ts";
import { WorkWatch } from "./work_watch.ts";

/** Parts of a search that are replaced by others, such as ones with a mistake in them. */
export interface Replaced {
  readonly transport?: (transport: Transport) => Transport;
  readonly files?: (files: RunFiles) => RunFiles;
  readonly prepared?: (prepared: PreparedSimulation) => PreparedSimulation;
}

/** What a process works with. */
export interface ProcessOptions {
  readonly prepared: PreparedSimulation;
  readonly disk: SimulatedDisk;
  readonly journal: JournalWatch;
  readonly faults: FaultSchedule;
  /** Decides on times that nothing else decides. */
  readonly random: Random;
  /** When it begins, and when the search must have ended, in virtual milliseconds from the start. */
  readonly beginsMs: number;
  readonly limitMs: number;
  readonly replaced: Replaced;
  readonly onBreach: (invariant: Invariant, seen: string, atMs: number) => void;
  readonly onEvent: (event: SimulationEvent, atMs: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** How a process ended. */
export type Ending =
  | { readonly kind: "finished"; readonly result: SimulationResult }
  /** All candidates failed. */
  | { readonly kind: "fruitless" }
  /** An invariant did not hold. */
  | { readonly kind: "broken" }
  /** There was no space left on the disk. */
  | { readonly kind: "full" }
  /** A trainer was not there within a minute, because it hung, was slow or could not be reached. */
  | { readonly kind: "missing" }
  | CrashFault;

/** Thrown in the middle of a process that ends so. */
class CutOff extends Error {}

/** The folder of the run on its disk. */
export const FOLDER = "run";

/** A process of a search. */
export class SearchProcess {
  readonly #options: ProcessOptions;
  readonly #clock: WatchedClock;
  readonly #disk: MountedDisk;
  readonly #trainers: FailingTrainers;
  readonly #stop = new AbortController();
  readonly #mailboxes: MailboxWatch;
  readonly #answers: AnswerWatch;
  readonly #work: WorkWatch;
  /** How it was cut off. */
  #cut: CrashFault | { readonly kind: "broken" } | undefined;
  /** Who asked it to stop. */
  #stopped: CrashFault | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const { journal, faults, disk, random, prepared, beginsMs } = options;
    this.#clock = new WatchedClock(beginsMs, () => this.#settled());
    this.#disk = disk.mount({
      clock: this.#clock,
      syncMs: () => random.uniform() < 0.5 ? 0 : random.uniform() * 100,
      isFull: () => faults.presentAt(this.nowMs, "full", () => true).length > 0,
      onChange: (path, from) => journal.changed(path, from, this.#disk.hasFailed),
      onSync: (path) => journal.synced(path),
    });
    const report: Report = (invariant, seen) => this.broken(invariant, seen);
    this.#mailboxes = new MailboxWatch(this.#trainerCount, report);
    this.#answers = new AnswerWatch(prepared.parts.length, report);
    this.#work = new WorkWatch({
      mode: prepared.plan.mode,
      maxAttempts: prepared.configuration.maxAttempts,
      parts: prepared.parts,
    }, report);
    this.#trainers = new FailingTrainers({
      trainers: this.#trainerCount,
      numberOf: (actor) => this.#numberOf(actor),
      lagMs: () => random.uniform() * 2 * prepared.leaseMs,
      slowness: (trainer) =>
        this.#presentFor(trainer, "slow").reduce((product, { factor }) => product * factor, 1),
    });
  }

  /** When it is, in virtual milliseconds from the start of the search. */
  get nowMs(): number {
    return this.#options.beginsMs + this.#clock.now();
  }

  /**
   * Run it until it ends, however it does.
   *
   * @throws {RunStopped} If the signal was aborted.
   */
  async run(): Promise<Ending> {
    const { prepared, journal, replaced, signal, limitMs, beginsMs, onEvent } = this.#options;
    await journal.begin();
    this.#clock.setTimer(
      limitMs - beginsMs,
      () => this.broken("ending", "it has not ended, long after the last fault"),
    );
    this.#scheduleFaults();
    const { transport = asItIs, files = asItIs } = replaced;
    try {
      const result = await runSimulation(prepared, {
        clock: this.#clock,
        files: files(this.#disk),
        folder: new SimulatedFolder(FOLDER, simulationId(prepared), this.#disk),
        how: this.#disk.read(`${FOLDER}/config.json`).length > 0 ? "resume" : "begin",
        between: (inner) => this.#badNetwork(this.#trainers.wrap(inner)),
        watch: (inner) =>
          [this.#mailboxes, this.#answers, this.#work]
            .reduce((heard, { listen }) => listened(heard, listen), transport(inner)),
      }, {
        emit: (event) => {
          if (this.#cut) return;
          if (event.type !== "job") journal.shown(event);
          onEvent(event, this.nowMs);
        },
        signal: AbortSignal.any([this.#stop.signal, ...(signal ? [signal] : [])]),
      });
      return this.#cut ?? { kind: "finished", result };
    } catch (error) {
      return this.#cut ?? this.#endingBy(error);
    } finally {
      journal.end();
    }
  }

  /** An invariant does not hold. */
  broken(invariant: Invariant, seen: string): void {
    if (this.#cut) return;
    this.#options.onBreach(invariant, seen, this.nowMs);
    this.#cutOff({ kind: "broken" });
  }

  #endingBy(error: unknown): Ending {
    if (error instanceof RunStopped) {
      if (this.#options.signal?.aborted) throw error;
      if (this.#stopped) return this.#stopped;
    }
    if (this.#disk.hasFailed && (error as { code?: unknown }).code === "ENOSPC") {
      return { kind: "full" };
    }
    const isFruitless = error instanceof ConfigurationError &&
      error.message.startsWith("Cannot find a winner");
    if (isFruitless) return { kind: "fruitless" };
    const isMissing = error instanceof EscalationError && error.reason.kind === "killed" &&
      error.reason.cause === "start-timeout";
    if (isMissing && this.#options.faults.has("delay", "cut", "hang", "slow")) {
      return { kind: "missing" };
    }
    this.broken("ending", `it ended with: ${error instanceof Error ? error.message : error}`);
    return { kind: "broken" };
  }

  #scheduleFaults(): void {
    const { faults, beginsMs } = this.#options;
    for (const fault of faults.coming) {
      // A process that has just begun can be cut off, too; trainers that were not there cannot fail.
      if (fault.atMs < beginsMs && "trainer" in fault) continue;
      this.#clock.setTimer(fault.atMs - beginsMs, () => this.#strike(fault));
    }
  }

  #strike(fault: MomentFault): void {
    const { faults } = this.#options;
    if (this.#cut) return;
    if ("trainer" in fault) {
      if (this.#trainers.strike(fault)) faults.happened(fault);
    } else if (fault.kind === "stop") {
      faults.happened(fault);
      this.#stopped ??= fault;
      this.#stop.abort();
    } else if (fault.operations === 0) {
      faults.happened(fault);
      this.#cutOff(fault);
    } else {
      let left = fault.operations;
      this.#disk.onOperation = () => {
        if (--left > 0) return;
        faults.happened(fault);
        this.#cutOff(fault);
      };
    }
  }

  /** Nothing of it has an effect any more. */
  #cutOff(cut: CrashFault | { readonly kind: "broken" }): void {
    if (this.#cut) return;
    this.#cut = cut;
    this.#disk.unmount();
    this.#clock.setTimer(0, () => {
      throw new CutOff();
    });
  }

  #settled(): void {
    // A search that cannot write ends soon.
    if (this.#cut || this.#disk.hasFailed) return;
    if (!this.#stopped) {
      this.#answers.settled();
      this.#work.settled();
    }
    // What is safe is shown at the latest when nothing more is on its way to the disk.
    if (this.#disk.syncing === 0) this.#options.journal.settled();
  }

  #badNetwork(transport: Transport): Transport {
    const { faults, random } = this.#options;
    if (!faults.has("delay", "cut")) return transport;
    return badNetwork(transport, (actor) => {
      const trainer = this.#numberOf(actor);
      const delays = this.#presentFor(trainer, "delay")
        .map(({ upToMs }) => random.uniform() * upToMs);
      const cuts = this.#presentFor(trainer, "cut").map((fault) => endOf(fault) - this.nowMs);
      return Math.max(0, ...delays, ...cuts);
    });
  }

  #presentFor<Kind extends "slow" | "delay" | "cut">(
    trainer: number,
    kind: Kind,
  ): readonly Lasting<Kind>[] {
    return this.#options.faults.presentAt(
      this.nowMs,
      kind,
      (fault) => "trainer" in fault && fault.trainer % this.#trainerCount === trainer,
    );
  }

  get #trainerCount(): number {
    const { fleet, parts } = this.#options.prepared;
    return fleet.devices.length * parts.length;
  }

  /** The number of a trainer, from 0. */
  #numberOf(actor: string): number {
    const { fleet, parts } = this.#options.prepared;
    const { slot, part } = parseSlotActor(actor)!;
    return Number(slot.replace("slot-", "")) + parts.indexOf(part) * fleet.devices.length;
  }
}

function asItIs<T>(part: T): T {
  return part;
}
