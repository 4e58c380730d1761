/**
 * A run on disk, read back: finished or not, and also while a process works on it.
 *
 * @module
 */
import { type RecipeOptions, resolveRecipe } from "../models/mod.ts";
import { ConfigurationError } from "../options.ts";
import {
  type CheckedSearch,
  type MinimizeConfiguration,
  minimizeSchema,
  type SearchConfiguration,
  searchSchema,
} from "./configuration.ts";
import type { Minimum } from "./record/minimum.ts";
import type { EvaluatedCandidate, GenerationDone } from "./record/facts.ts";
import { readJournal } from "./record/journal.ts";
import { JournalResults } from "./record/journal_results.ts";
import { readGenerations } from "./record/read_generations.ts";
import {
  findBest,
  findMinimum,
  readConfiguration,
  readConfigurationFile,
} from "./record/run_directory.ts";
import { readSummary, type RunSummary } from "./record/summary.ts";
import type { BestDisturbance } from "./search.ts";

export type { EvaluatedCandidate };

/** What there is to know of any run. Fitness is to be maximised. */
export interface RecordedPopulation {
  /** Its folder. */
  readonly directory: string;
  /** Which data was used, in words. */
  readonly source: string;
  /** The version of Deno that worked on it last. */
  readonly deno: string;
  /** Results of the search, in the order of (generation, candidate), each with its timings. */
  readonly candidates: readonly EvaluatedCandidate[];
  /** Results of finalists with fresh seeds, in the order of (generation, candidate, repeat). */
  readonly finalists: readonly EvaluatedCandidate[];
  /** Updates of the distribution, in order. */
  readonly generations: readonly GenerationDone[];
  /** Whether everything that was planned is done, or the search has ended early: it has a winner. */
  readonly isFinished: boolean;
  /** How the last process left the run; `null` if none has left it yet. */
  readonly summary: RunSummary | null;
  /** Bytes at the journal's end that were not written whole, and are left out. */
  readonly tornBytes: number;
}

/** A run of {@linkcode search}. */
export interface RecordedSearch extends RecordedPopulation {
  /** What was searched for. */
  readonly kind: "search";
  /** Every option, with the defaults filled in; it can be given to `search` again. */
  readonly configuration: SearchConfiguration;
  /** The winner; `null` before one is named. */
  readonly best: BestDisturbance | null;
}

/** A run of {@linkcode minimize}. */
export interface RecordedMinimization extends RecordedPopulation {
  /** What was searched for. */
  readonly kind: "minimize";
  /** Every option, with the defaults filled in. */
  readonly configuration: MinimizeConfiguration;
  /** The winner; `null` before one is named. */
  readonly best: Minimum | null;
}

/** A run that was read back. Its `kind` says which. */
export type RecordedRun = RecordedSearch | RecordedMinimization;

/**
 * Read a run. Nothing in its folder is changed, and a process may be working on it: then each file is
 * as it was when it was read.
 *
 * @param directory The folder of the run.
 * @throws {ConfigurationError} If it is no run, or one of its files is damaged.
 *
 * @example What a run found
 * ```ts
 * import { minimize, openRun } from "@mddes/mddes";
 *
 * await using run = minimize({
 *   evaluator: new URL("../examples/rosenbrock.ts", import.meta.url),
 *   mean: [0, 0],
 *   generations: 3,
 *   directory: `${await Deno.makeTempDir()}/run`,
 * });
 * await run.result;
 * const { candidates, generations, summary } = await openRun(run.directory);
 * console.log(candidates[0]?.genome, generations.at(-1)?.sigma, summary?.wallSeconds);
 * ```
 */
export async function openRun(directory: string): Promise<RecordedRun> {
  return await asConfigurationErrors(async () => {
    const { kind } = readConfigurationFile(directory);
    if (kind === "simulation") {
      throw new ConfigurationError(
        `Cannot read ${directory}: expected a search or a run of minimize, received a simulation`,
      );
    }
    const { results, tornBytes } = await readResults(directory);
    return kind === "search"
      ? populationOf(directory, readSearch, results, tornBytes)
      : populationOf(directory, readMinimization, results, tornBytes);
  });
}

/**
 * Read the journal of a run of any kind.
 *
 * @throws {SyntaxError} If it is damaged.
 */
export async function readResults(
  directory: string,
): Promise<{ readonly results: JournalResults; readonly tornBytes: number }> {
  const path = `${directory}/journal.jsonl`;
  const { events, tornBytes } = await readJournal(path);
  const results = new JournalResults(path);
  for (const event of events) results.add(event);
  return { results, tornBytes };
}

/** What a run was begun with, and what came out. */
interface Found {
  readonly configuration: { readonly generations: number; readonly finalistRepeats: number };
  readonly best: unknown;
}

/**
 * Put together what a journal says and what stands beside it.
 *
 * @param find Reads what is of the run's own kind.
 * @param tornBytes Of the journal.
 * @throws {ConfigurationError | SyntaxError} If a file is damaged.
 */
export function populationOf<F extends Found>(
  directory: string,
  find: (directory: string) => F,
  results: JournalResults,
  tornBytes: number,
): F & RecordedPopulation {
  const { source, deno } = readConfigurationFile(directory);
  const found = find(directory);
  const { generations: planned, finalistRepeats } = found.configuration;
  const { candidates, finalists } = results;
  const generations = readGenerations(directory);
  // A run that was extended has a winner from before.
  const isSearched = generations.length === planned || results.hasEnded(planned);
  const isFinished = found.best !== null && isSearched &&
    results.open.every(({ repeat }) => repeat === 0) &&
    (finalistRepeats === 0 || finalists.length > 0);
  return {
    ...found,
    directory,
    source,
    deno,
    candidates,
    finalists,
    generations,
    isFinished,
    summary: readSummary(directory),
    tornBytes,
  };
}

/** A reader throws a SyntaxError for a file that is damaged; errors of the system have a code. */
export async function asConfigurationErrors<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError ||
      (error instanceof Error && "code" in error);
    if (!isUnreadable) throw error;
    throw new ConfigurationError(error.message, { cause: error });
  }
}

/** Of a run of {@linkcode minimize}, for {@linkcode populationOf}. */
export function readMinimization(
  directory: string,
): Pick<RecordedMinimization, "kind" | "configuration" | "best"> {
  const configuration = readConfiguration(directory, "minimize", minimizeSchema);
  return { kind: "minimize", configuration, best: findMinimum(directory) };
}

/** Of a run of {@linkcode search}, for {@linkcode populationOf}. */
export function readSearch(
  directory: string,
): Pick<RecordedSearch, "kind" | "configuration" | "best"> {
  const checked = readConfiguration(directory, "search", searchSchema);
  return {
    kind: "search",
    configuration: { ...checked, ...settledRecipe(checked, directory) },
    best: findBest(directory),
  };
}

/** @throws {ConfigurationError} If no network can be trained so. */
function settledRecipe(configuration: CheckedSearch, directory: string): RecipeOptions {
  const { network, epochs } = configuration;
  try {
    return resolveRecipe(network, configuration, epochs);
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigurationError(`Cannot use ${directory}/config.json: ${message}`, {
      cause: error,
    });
  }
}
