/**
 * How busy the trainers of a simulation were, read back from its files.
 *
 * @module
 */
import * as v from "valibot";
import { numberOf, readCsv } from "../../actors/record/read_csv.ts";
import { readText } from "../../actors/record/read_text.ts";

/** A stretch of time. */
export interface LoadStretch {
  /** Virtual milliseconds from the start of the simulation. */
  readonly startMs: number;
  /** Trainers at work, in the mean. */
  readonly busy: number;
  /** Evaluations that waited for a trainer, in the mean. */
  readonly queued: number;
}

const count = v.pipe(v.number(), v.minValue(0));

const totalsSchema = v.object({
  slots: count,
  attempts: count,
  wasted: v.object({ late: count, duplicate: count, lost: count, unfinished: count }),
  ages: v.object({ mean: count, max: count }),
  queue: v.object({ mean: count, max: count }),
  restarts: count,
});

/** What `summary.json` of a simulation says in the end. */
export type SimulatedTotals = v.InferOutput<typeof totalsSchema>;

/**
 * Read `load.csv`.
 *
 * @returns In the order of time; nothing where the simulation did not come to its end.
 * @throws {SyntaxError} If a column is missing, or a cell is not what it must be.
 */
export function readLoad(directory: string): LoadStretch[] {
  return readCsv(`${directory}/load.csv`).map((line) => ({
    startMs: numberOf(line, "start_ms"),
    busy: numberOf(line, "busy"),
    queued: numberOf(line, "queued"),
  }));
}

/**
 * Read `summary.json`.
 *
 * @returns `undefined` if it is not there.
 * @throws {SyntaxError} If it is damaged.
 */
export function readTotals(directory: string): SimulatedTotals | undefined {
  const path = `${directory}/summary.json`;
  const text = readText(path);
  if (text === "") return undefined;
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), totalsSchema), text);
  if (success) return output;
  throw new SyntaxError(`Cannot read ${path}: expected what a simulation writes there`);
}
