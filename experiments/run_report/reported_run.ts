/**
 * Everything that a report needs to know of a run, finished or not.
 *
 * @module
 */
import {
  asConfigurationErrors,
  populationOf,
  readMinimization,
  readResults,
  readSearch,
  type RecordedRun,
} from "../../actors/open_run.ts";
import type { SearchConfiguration } from "../../actors/configuration.ts";
import { FileLock } from "../../actors/record/file_lock.ts";
import type { JournalResults } from "../../actors/record/journal_results.ts";
import { type LogEntry, readLog } from "../../actors/record/log.ts";
import { readConfigurationFile } from "../../actors/record/run_directory.ts";
import { requireSearchedImages } from "../../actors/record/same_run.ts";
import { type GenomeSpec, loadTrain, sameImages, type Split } from "../../datasets/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { type NetworkTest, readTests, testFiles } from "./read_tests.ts";
import { findSimulated, type RecordedSimulation } from "../../simulation/read_simulation.ts";

/** A run as a report sees it. */
export type ReportedRun = (RecordedRun | RecordedSimulation) & {
  /** Short, and different from those of the other runs. */
  readonly name: string;
  /** What a disturbance is made for; `undefined` for a run without images. */
  readonly search?: SearchedImages;
  /** Whether a process works on it. */
  readonly isRunning: boolean;
  /** Where a candidate has a page of its own, by its name such as `3/5`. Default: none has. */
  readonly candidateAddress?: (candidate: string) => string;
  /** Empty if it cannot be read. */
  readonly log: readonly LogEntry[];
  /** Why not. */
  readonly unreadLog?: string | undefined;
  /** By file, without `.csv`: networks that were trained with the winner, and with others. */
  readonly tests: ReadonlyMap<string, readonly NetworkTest[]>;
  /** Why other files with tests cannot be read. */
  readonly unreadTests: readonly string[];
};

/** What is known of the images of a search. */
export interface SearchedImages {
  readonly configuration: SearchConfiguration;
  /** The training images, or why they cannot be loaded. */
  readonly images: Split<"train"> | string;
}

/** What the genomes of a search describe. */
export function genomeSpecOf(
  { pixels, perturbation }: SearchConfiguration,
  images: Split<"train">,
): GenomeSpec {
  return { classes: images.classNames.length, pixels, shape: images.shape, mode: perturbation };
}

/**
 * Read a run.
 *
 * @throws {ConfigurationError} If there is no run, or one of its files is damaged.
 */
export async function readReportedRun(directory: string, name: string): Promise<ReportedRun> {
  return await asConfigurationErrors(async () => {
    const { results, tornBytes } = await readResults(directory);
    const run = await reportedRunOf(directory, name, results, tornBytes, imagesOf);
    const fault = run.unreadLog ?? run.unreadTests[0];
    if (fault !== undefined) throw new ConfigurationError(fault);
    return run;
  });
}

/**
 * Put together what a journal says and what stands beside it. A log or tests that are damaged take
 * nothing else away.
 *
 * @param tornBytes Of the journal.
 * @param loadImages Loads the images of a search, or says why it cannot.
 * @throws {ConfigurationError | SyntaxError} If another file is damaged.
 */
export async function reportedRunOf(
  directory: string,
  name: string,
  results: JournalResults,
  tornBytes: number,
  loadImages: typeof imagesOf,
): Promise<ReportedRun> {
  const { kind } = readConfigurationFile(directory);
  const { read: log = [], fault: unreadLog } = orWhyNot(() => readLog(`${directory}/log.jsonl`));
  const tests = testFiles(directory)
    .map((file) => ({ file, ...orWhyNot(() => readTests(`${directory}/${file}.csv`)) }));
  const beside = {
    name,
    isRunning: FileLock.isHeld(`${directory}/lock`),
    log,
    unreadLog,
    tests: new Map(tests.flatMap(({ file, read }) => read ? [[file, read]] : [])),
    unreadTests: tests.flatMap(({ fault }) => fault ?? []),
  };
  switch (kind) {
    case "minimize":
      return { ...populationOf(directory, readMinimization, results, tornBytes), ...beside };
    case "simulation":
      return { ...populationOf(directory, findSimulated, results, tornBytes), ...beside };
    case "search": {
      const run = populationOf(directory, readSearch, results, tornBytes);
      const { configuration } = run;
      const images = await loadImages(configuration, results, directory);
      return { ...run, ...beside, search: { configuration, images } };
    }
  }
}

function orWhyNot<T>(read: () => T): { readonly read?: T; readonly fault?: string } {
  try {
    return { read: read() };
  } catch (error) {
    const isExpected = error instanceof SyntaxError || (error instanceof Error && "code" in error);
    if (!isExpected) throw error;
    return { fault: error.message };
  }
}

/** A report can do without the images, and then says why. */
export async function imagesOf(
  { dataset }: SearchConfiguration,
  { begun }: JournalResults,
  directory: string,
): Promise<SearchedImages["images"]> {
  try {
    const images = await loadTrain(dataset);
    requireSearchedImages({ events: begun ? [begun] : [] }, sameImages(images), directory);
    return images;
  } catch (error) {
    const isExpected = error instanceof RangeError || error instanceof SyntaxError ||
      error instanceof ConfigurationError;
    if (isExpected) return error.message;
    throw error;
  }
}
