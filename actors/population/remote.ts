/**
 * Slots on other hosts, which come and go: what stands for them here.
 *
 * @module
 */
import type { Candidate, Progressed, ToSampler, ToUpdater, Verdict } from "./protocol.ts";
import type { EvaluationKey, Sampled } from "../record/facts.ts";
import type { Start } from "../runtime/mod.ts";

/** Which part of which slot an actor stands for. */
export interface RemoteSlot {
  readonly slot: string;
  readonly part: string;
}

/** How slots elsewhere reach the search. */
export interface RemoteDesk {
  readonly parts: readonly string[];
  /** Names of the slots, as many as there can be. */
  readonly slots: readonly string[];
  /** Evaluations that were started and have no result. */
  open(): readonly Sampled[];
  /** An evaluation that was started and has no result. */
  find(key: EvaluationKey): Sampled | undefined;
  toSampler(message: ToSampler): Promise<void>;
  toUpdater(message: ToUpdater): Promise<void>;
  /** Asks the pruner. */
  ask(progressed: Progressed): Promise<Verdict>;
  /** Counts a result that is not used. */
  countDuplicate(): void;
  /** Tells in words what becomes of workers, and of what connects them. */
  tell(text: string): void;
  /** The search cannot go on. */
  fail(error: unknown): void;
}

/** Slots on other hosts. */
export interface RemoteSlots {
  /** How many there can be at the same time. */
  readonly count: number;
  /** The actor that stands for a part of a slot, in memory: as one that does it. */
  readonly start: Start<RemoteSlot, Candidate>;
  /** Hands in what was done meanwhile; from then on, opens slots as they come, until disposed. */
  begin(desk: RemoteDesk): Promise<AsyncDisposable>;
  /** The search is over: nothing more is wanted. */
  retire(): Promise<void>;
  /** Slots that are open now. */
  readonly open: number;
  /** The most that were open at the same time. */
  readonly mostOpen: number;
  /** Time in which slots were open, in milliseconds, added up. */
  readonly openMs: number;
}
