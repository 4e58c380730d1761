/**
 * Which faults are still to come, which are present, and which have happened.
 *
 * @module
 */
import type {
  CrashFault,
  CutFault,
  DelayFault,
  DiskFault,
  Fault,
  FaultKind,
  SlowFault,
  TrainerFault,
} from "./fault.ts";

/** A fault that happens at one moment. */
export type MomentFault = Extract<Fault, TrainerFault | CrashFault>;

/** A fault that is present for a while. */
export type LastingFault = Extract<Fault, SlowFault | DelayFault | CutFault | DiskFault>;

/** Those of a kind. */
export type Lasting<Kind extends LastingFault["kind"]> = Extract<LastingFault, { kind: Kind }>;

/** Keeps account of the faults of a plan, over all processes of its search. */
export class FaultSchedule {
  readonly #lasting: readonly LastingFault[];
  readonly #moments: readonly MomentFault[];
  readonly #happened = new Set<Fault>();

  constructor(faults: readonly Fault[]) {
    this.#lasting = faults.filter((fault): fault is LastingFault => "forMs" in fault);
    this.#moments = faults.filter((fault): fault is MomentFault => !("forMs" in fault));
  }

  /** Whether there is a fault of one of these kinds. */
  has(...kinds: readonly FaultKind[]): boolean {
    return [...this.#lasting, ...this.#moments].some(({ kind }) => kinds.includes(kind));
  }

  /** Those of a moment that have not happened. */
  get coming(): readonly MomentFault[] {
    return this.#moments.filter((fault) => !this.#happened.has(fault));
  }

  /**
   * Those of a kind that are present at a time, in virtual milliseconds from the start; they happen by
   * that.
   */
  presentAt<Kind extends LastingFault["kind"]>(
    ms: number,
    kind: Kind,
    concerns: (fault: Lasting<Kind>) => boolean,
  ): readonly Lasting<Kind>[] {
    const present = this.#lasting.filter((fault): fault is Lasting<Kind> => fault.kind === kind)
      .filter((fault) => fault.atMs <= ms && ms < fault.atMs + fault.forMs && concerns(fault));
    for (const fault of present) this.happened(fault);
    return present;
  }

  happened(fault: Fault): void {
    this.#happened.add(fault);
  }

  /** How many of each kind have happened. */
  get counts(): Readonly<Partial<Record<FaultKind, number>>> {
    const counts: Partial<Record<FaultKind, number>> = {};
    for (const { kind } of this.#happened) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
}
