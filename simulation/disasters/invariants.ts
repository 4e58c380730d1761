/**
 * What must hold whatever goes wrong.
 *
 * @module
 */
import { durationText } from "../../duration.ts";

/** Every invariant, in words. */
export const invariants = {
  once: "each evaluation is counted exactly once",
  kept: "what was safe on the disk is still there",
  shown: "nothing is shown before its event is safe on the disk",
  tables: "the CSV files follow from the journal",
  summary: "best.json and summary.json follow from the journal",
  age: "no age is negative",
  "one-candidate": "no trainer has two candidates, and no two trainers the same",
  "no-idling": "no trainer is idle while an evaluation waits for one",
  "none-lost": "what a trainer has answered is counted",
  "none-forgotten": "no evaluation waits while a later one is drawn",
  "all-attempts": "an evaluation fails only after all its attempts",
  mailboxes: "mailboxes stay within their bounds",
  "same-result": "in sync mode the results are those of an undisturbed search on one trainer",
  ending: "a search ends when the faults have ended, and ends only in order",
} as const;

/** The name of an invariant. */
export type Invariant = keyof typeof invariants;

/** An invariant that did not hold. */
export interface Breach {
  readonly invariant: Invariant;
  /** When, in virtual milliseconds from the start. */
  readonly atMs: number;
  /** What was seen. */
  readonly seen: string;
}

/** Told of a breach; only the first one matters. */
export type Report = (invariant: Invariant, seen: string) => void;

/** A breach in one line. */
export function describeBreach({ invariant, atMs, seen }: Breach): string {
  return `${invariant} (${invariants[invariant]}) at ${durationText(atMs)}: ${seen}`;
}
