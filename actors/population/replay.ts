/**
 * What an earlier process has done, as its journal says.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { Ended, Evaluated, GenerationDone, Winner } from "../record/facts.ts";
import type { JournalContents } from "../record/journal.ts";
import type { Tables } from "../record/tables.ts";
import type { SearchProgress } from "./search_progress.ts";
import { endedNow, type Stopper, stopReason } from "./stopper.ts";

/** What the events of an earlier process come to. */
export interface Replayed {
  /** `null` if all candidates failed, `undefined` if there is more to do. */
  readonly winner: Winner | null | undefined;
  /** What is to be in the CSV files, in the order in which it came. */
  readonly rows: readonly (Evaluated | GenerationDone)[];
  /** Why the search ended before its last generation; `null` if it did not. */
  readonly ended: string | null;
  /** The same, where the earlier process did not come to write it down. */
  readonly toEnd: Ended | undefined;
}

/**
 * Fold the events of an earlier process into the search's progress. No file is touched.
 *
 * @throws {ConfigurationError} If the events do not fit each other.
 */
export function replay(
  { events }: JournalContents,
  progress: SearchProgress,
  stoppers: readonly Stopper[] = [],
): Replayed {
  const rows: (Evaluated | GenerationDone)[] = [];
  let winner: Winner | null | undefined;
  let ended: string | null = null;
  let toEnd: Ended | undefined;
  for (const [index, event] of events.entries()) {
    if (event.type === "Begun") continue;
    if (event.type === "Sampled") {
      taken(index, () => progress.sampled(event));
      continue;
    }
    if (event.type === "Ended") {
      if (progress.searched || event.planned < progress.generations) continue;
      ended = event.reason;
      const outcome = progress.end();
      if (outcome.winner !== undefined) winner = outcome.winner;
      continue;
    }
    const sampled = progress.find(event);
    if (sampled?.seed !== event.seed || sampled.draw.version !== event.distribution) {
      throw misfit(index, "it has a result of an evaluation that was not started");
    }
    const outcome = taken(index, () => progress.evaluated(event));
    if (outcome.winner !== undefined) winner = outcome.winner;
    rows.push(event);
    if (outcome.generation) {
      rows.push(outcome.generation);
      // They see every generation. What they said then, an event says, unless nothing follows.
      const isLast = index === events.length - 1 && !outcome.finalists;
      const converged = isLast && stoppers.length > 0 ? progress.converged : {};
      const reason = stopReason(stoppers, outcome.generation, { elapsedSeconds: 0, converged });
      if (isLast && reason !== undefined) toEnd = endedNow(progress, reason);
    }
  }
  return { winner, rows, ended, toEnd };
}

/** What a step of the search gives; numbers that it cannot use are the journal's fault. */
function taken<T>(index: number, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw misfit(index, error.message);
  }
}

function misfit(index: number, why: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot continue the run: line ${
      index + 1
    } of its journal does not fit those before it: ${why}`,
  );
}

/** Add what was replayed to the CSV files. */
export function addRow(tables: Tables, row: Replayed["rows"][number]): void {
  if (row.type === "Evaluated") tables.evaluated(row);
  else tables.generation(row);
}
