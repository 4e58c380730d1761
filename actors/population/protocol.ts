/**
 * Every message between the roles of a search: one interface each, one union for each receiver.
 *
 * @module
 */
import type {
  Ended,
  Evaluated,
  EvaluationKey,
  GenerationDone,
  Sampled,
  Scores,
  Timing,
  Winner,
} from "../record/facts.ts";

/** Work for one actor of a slot. */
export interface Candidate extends EvaluationKey {
  readonly type: "Candidate";
  /** The part of the evaluation that is asked for. */
  readonly part: string;
  /** 1 at first; each lost actor adds 1. */
  readonly attempt: number;
  readonly seed: number;
  /** A point of the search box, length N. */
  readonly genome: readonly number[];
  /** How long it waited for a free slot, in milliseconds. */
  readonly queuedMs: number;
}

/** A part of an evaluation is done; the updater joins them. */
export interface PartDone extends EvaluationKey {
  readonly type: "PartDone";
  readonly part: string;
  /** Finite, and named differently from those of the other parts. */
  readonly scores: Scores;
  /** The score that counts, on the images of each class alone. Default: nobody asked for it. */
  readonly shares?: readonly number[] | undefined;
  readonly timing: Timing;
}

/** A part that will not be tried again. */
export interface Failed extends EvaluationKey {
  readonly type: "Failed";
  readonly part: string;
  readonly attempt: number;
  readonly reason: string;
}

/** How far an actor has come with a candidate: a request whether to go on. */
export interface Progressed extends EvaluationKey {
  readonly type: "Progressed";
  readonly part: string;
  /** From 1; of a training, epochs. */
  readonly step: number;
  /** How many steps there will be; `null` if that is not known. */
  readonly steps: number | null;
  /** What the part would score if it ended here, or an estimate. Finite. */
  readonly scores: Scores;
}

/** The answer to {@linkcode Progressed}. */
export interface Verdict {
  readonly type: "Verdict";
  readonly goesOn: boolean;
}

/** A part that was ended early, because the pruner said so. */
export interface Pruned extends EvaluationKey {
  readonly type: "Pruned";
  readonly part: string;
  /** After which it was ended, from 1. */
  readonly step: number;
  readonly steps: number | null;
  readonly timing: Timing;
}

/** The newest search distribution. */
export interface Distribution {
  readonly type: "Distribution";
  /** What the strategy knows. */
  readonly state: unknown;
  /** How many generations it has learned from. */
  readonly version: number;
}

/** No more candidates are wanted: a search in which one has a result ends here. */
export interface Finish {
  readonly type: "Finish";
}

/** Finalists to be evaluated with fresh seeds; nothing else is sampled any more. */
export interface Finalists {
  readonly type: "Finalists";
  readonly evaluations: readonly Sampled[];
}

/** A slot's actor is ready for work: it has started, or has finished a part. */
export interface SlotFree {
  readonly type: "SlotFree";
  readonly slot: string;
  readonly part: string;
  /** What it has finished; `null` if it has just started. */
  readonly finished: (EvaluationKey & { readonly attempt: number }) | null;
  /** Whether the slot, with all its parts, takes nothing more. Default `false`. */
  readonly leaves?: boolean | undefined;
}

/** A part was done by somebody whom the sampler did not ask: nobody is to be given it. */
export interface PartFound extends EvaluationKey {
  readonly type: "PartFound";
  readonly part: string;
}

/** A slot's actor has ended, or is about to. */
export interface SlotLost {
  readonly type: "SlotLost";
  readonly slot: string;
  readonly part: string;
  /**
   * What it had, and will not finish; `null` if it had nothing, or another message says it. What it
   * was sent and has not begun, the actor that takes its place gets.
   */
  readonly lost: LostCandidate | null;
}

/** A candidate that somebody else is to be given. */
export interface LostCandidate extends EvaluationKey {
  readonly attempt: number;
  /** Whether it may be to blame: the actor was not asked to end. */
  readonly counts: boolean;
  readonly reason: string;
}

/** The search is over. */
export interface SearchDone {
  readonly type: "SearchDone";
  /** `null` where all candidates failed. */
  readonly winner: Winner | null;
}

export type ToSampler = Distribution | Finalists | SlotFree | SlotLost | PartFound;

export type ToUpdater = Sampled | PartDone | Failed | Progressed | Pruned | Finish;

export type ToRecorder = Sampled | Evaluated | GenerationDone | Ended | SearchDone;
