/**
 * `summary.json` of a run.
 *
 * @module
 */
import * as v from "valibot";
import { ConfigurationError } from "../../options.ts";
import { faultIn } from "./check_event.ts";
import { readText } from "./read_text.ts";

/** What `summary.json` says. It is written when a process leaves the run, however that ends. */
export interface RunSummary {
  /** How the last process ended. */
  readonly status: "finished" | "stopped" | "failed";
  /** Which data was used, in words. */
  readonly source: string;
  /** Generations that are done. */
  readonly generations: number;
  /** Why the search ended before its last generation; `null` if it did not. */
  readonly ended: string | null;
  /** Evaluations that have ended. */
  readonly evaluations: number;
  /** Of these, those that failed. */
  readonly failed: number;
  /** Candidates that were ended early; left out of a run without a pruner. */
  readonly pruned?: number | undefined;
  /** Results that came twice, from trainers that were lost and replaced, in the last process. */
  readonly duplicates: number;
  /** Of the last process that worked on the run. */
  readonly wallSeconds: number;
  /** Evaluations that could be done at the same time. */
  readonly slots: number;
  /** Share of the slots' time that was spent on evaluations, 0 to 1, of the last process. */
  readonly utilization: number;
  /** Largest resident memory that was seen, in MiB, of the last process; left out of a simulation. */
  readonly peakMemoryMiB?: number | undefined;
  /** Whether time passed on a virtual clock; left out of a real run. */
  readonly simulated?: boolean | undefined;
}

const number = v.number("a number");

const schema = v.object({
  status: v.picklist(["finished", "stopped", "failed"], "finished, stopped or failed"),
  source: v.string("a text"),
  generations: number,
  // mddes 0.1.0 never ended a search early.
  ended: v.optional(v.nullable(v.string("a text")), null),
  evaluations: number,
  failed: number,
  pruned: v.optional(number),
  duplicates: number,
  wallSeconds: number,
  slots: number,
  utilization: number,
  peakMemoryMiB: v.optional(number),
  simulated: v.optional(v.boolean()),
}, "an object");

/**
 * Read the summary of a run; `null` before there is one.
 *
 * @throws {ConfigurationError} If it cannot be read.
 */
export function readSummary(directory: string): RunSummary | null {
  const path = `${directory}/summary.json`;
  const text = readText(path);
  if (text === "") return null;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`Cannot read ${path}: ${(error as Error).message}`);
  }
  const checked = v.safeParse(schema, content, { abortEarly: true });
  if (checked.success) return checked.output;
  throw new ConfigurationError(`Cannot read ${path}: ${faultIn(checked)}`);
}
