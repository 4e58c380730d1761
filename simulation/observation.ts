/**
 * What is seen of a simulation while it runs: who works on what, what waits, and what is wasted.
 *
 * @module
 */
import { type Evaluated, type EvaluationKey, keyOf, type Sampled } from "../actors/record/facts.ts";
import { busyMs } from "../actors/population/recorder.ts";
import type { Outcome } from "../actors/population/search_progress.ts";
import type { Clock } from "../actors/runtime/mod.ts";
import type { Attempt, Job } from "./job.ts";
import { Level } from "./level.ts";

/** When a generation was done, and what was known then. */
export interface Milestone {
  /** From 0. */
  readonly generation: number;
  /** Virtual milliseconds from the start. */
  readonly atMs: number;
  /** Results that the search has had. */
  readonly evaluations: number;
  /** The smallest value so far; `null` where all evaluations failed. */
  readonly best: number | null;
}

/** Options of an {@linkcode Observation}. */
export interface ObservationOptions {
  readonly clock: Clock;
  /** What an evaluation has. */
  readonly parts: readonly string[];
  readonly maxAttempts: number;
  /** A value that is good enough, to be minimised. Default: none. */
  readonly target: number | undefined;
  readonly onJob: (job: Job) => void;
}

/** An attempt that a trainer is at. */
type Begun = Omit<Job, "endedMs" | "outcome">;

/** A part of an evaluation without a result. */
interface Open {
  readonly repeat: number;
  submittedMs: number;
  /** Whether no trainer is at it. */
  waits: boolean;
}

function partKeyOf(key: EvaluationKey, part: string): string {
  return `${keyOf(key)}/${part}`;
}

/** Follows a simulation. Its memory grows with the generations alone. */
export class Observation {
  /** Trainers at work. */
  readonly busy: Level = new Level();
  /** Parts of evaluations that wait for a trainer, or are on their way to one. */
  readonly queue: Level = new Level();
  /** One for each generation. */
  readonly milestones: Milestone[] = [];
  /** How many results of the search had which age. */
  readonly ages: number[] = [];
  /** Attempts that were begun. */
  attempts = 0;
  /** Attempts whose trainer was lost. */
  lost = 0;
  /** Attempts that were not done when the search was over. */
  unfinished = 0;
  /** Results of the search so far that came too late to count. */
  late = 0;
  /** Time that trainers spent on results, in virtual milliseconds. */
  resultsMs = 0;
  /** When a value was good enough for the first time, in virtual milliseconds. */
  targetMs: number | null = null;
  /** When the search was over, in virtual milliseconds. */
  overMs: number | null = null;
  readonly #options: ObservationOptions;
  readonly #startedAt: number;
  readonly #open = new Map<string, Open>();
  /** Parts at which a trainer is before it was heard here that they are to be done. */
  readonly #early = new Set<string>();
  /** By the trainer's slot. */
  readonly #atWork = new Map<string, Begun>();

  constructor(options: ObservationOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Virtual milliseconds from the start. */
  get now(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  /** An evaluation is to be done. */
  submitted(sampled: Sampled): void {
    for (const part of this.#options.parts) {
      const key = partKeyOf(sampled, part);
      const waits = !this.#early.delete(key);
      this.#open.set(key, { repeat: sampled.repeat, submittedMs: this.now, waits });
      if (waits) this.queue.change(1, this.now);
    }
  }

  /** A trainer begins. */
  began(attempted: Attempt, trainer: string, device: string): void {
    const { generation, candidate, repeat, part, attempt } = attempted;
    const startedMs = this.now;
    const key = partKeyOf(attempted, part);
    const open = this.#open.get(key);
    const submittedMs = open?.submittedMs ?? startedMs;
    if (open) this.#stopsWaiting(open);
    else this.#early.add(key);
    this.attempts++;
    this.busy.change(1, startedMs);
    const work = { generation, candidate, repeat, part, attempt };
    this.#atWork.set(trainer, { ...work, trainer, device, submittedMs, startedMs });
  }

  /** A trainer ends, or `isCut` short. */
  ended(trainer: string, isCut: boolean): void {
    const job = this.#atWork.get(trainer)!;
    this.#atWork.delete(trainer);
    this.#early.delete(partKeyOf(job, job.part));
    this.busy.change(-1, this.now);
    const outcome = !isCut ? "finished" : this.overMs === null ? "lost" : "unfinished";
    if (outcome === "unfinished") this.unfinished++;
    if (outcome === "lost") {
      this.lost++;
      const open = this.#open.get(partKeyOf(job, job.part));
      if (open && !open.waits && job.attempt < this.#options.maxAttempts) {
        open.submittedMs = this.now;
        open.waits = true;
        this.queue.change(1, this.now);
      }
    }
    this.#options.onJob({ ...job, endedMs: this.now, outcome });
  }

  /**
   * An evaluation has its result.
   *
   * @param wasSearched Whether the last generation was done before.
   */
  evaluated(event: Evaluated, outcome: Outcome, wasSearched: boolean): void {
    for (const part of this.#options.parts) {
      const key = partKeyOf(event, part);
      const open = this.#open.get(key);
      if (open) this.#stopsWaiting(open);
      this.#open.delete(key);
    }
    this.resultsMs += busyMs(event);
    const { target } = this.#options;
    if (event.repeat === 0) {
      if (wasSearched) this.late++;
      else this.ages[event.age] = (this.ages[event.age] ?? 0) + 1;
      const isGood = event.fitness !== null && target !== undefined && -event.fitness <= target;
      if (isGood) this.targetMs ??= this.now;
    }
    if (outcome.generation) {
      const { generation, evaluations, bestSoFar, wasted } = outcome.generation;
      const best = bestSoFar === null ? null : 0 - bestSoFar;
      this.milestones.push({ generation, atMs: this.now, evaluations, best });
      this.late = wasted;
    }
    // Whatever still waits is not done any more.
    if (outcome.finalists) this.#forgetWaiting();
    if (outcome.winner !== undefined) this.overMs = this.now;
  }

  #stopsWaiting(open: Open): void {
    if (!open.waits) return;
    open.waits = false;
    this.queue.change(-1, this.now);
  }

  #forgetWaiting(): void {
    for (const [key, open] of this.#open) {
      if (open.repeat > 0 || !open.waits) continue;
      this.#stopsWaiting(open);
      this.#open.delete(key);
    }
  }
}
