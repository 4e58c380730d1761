/**
 * Everything that a report needs to know of a run, finished or not.
 *
 * @module
 */
import { readRun, type RecordedRun } from "../../actors/open_run.ts";
import type { SearchConfiguration } from "../../actors/configuration.ts";
import type { JournalContents } from "../../actors/record/journal.ts";
import { type LogEntry, readLog } from "../../actors/record/log.ts";
import { readConfigurationFile } from "../../actors/record/run_directory.ts";
import { requireSearchedImages } from "../../actors/record/same_run.ts";
import { type GenomeSpec, loadTrain, sameImages, type Split } from "../../datasets/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { type NetworkTest, readAllTests } from "./read_tests.ts";
import { readSimulation, type RecordedSimulation } from "../../simulation/read_simulation.ts";

/** A run as a report sees it. */
export type ReportedRun = (RecordedRun | RecordedSimulation) & {
  /** Short, and different from those of the other runs. */
  readonly name: string;
  /** What a disturbance is made for; `undefined` for a run without images. */
  readonly search?: SearchedImages;
  readonly log: readonly LogEntry[];
  /** By file, without `.csv`: networks that were trained with the winner, and with others. */
  readonly tests: ReadonlyMap<string, readonly NetworkTest[]>;
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
  const { kind } = readConfigurationFile(directory);
  const { run, journal } = kind === "simulation"
    ? await readSimulation(directory)
    : await readRun(directory);
  try {
    const log = readLog(`${directory}/log.jsonl`);
    const tests = readAllTests(directory);
    if (run.kind !== "search") return { ...run, name, log, tests };
    const { configuration } = run;
    const images = await imagesOf(configuration, journal, directory);
    return { ...run, name, log, tests, search: { configuration, images } };
  } catch (error) {
    if (error instanceof SyntaxError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}

/** A report can do without the images, and then says why. */
async function imagesOf(
  { dataset }: SearchConfiguration,
  journal: JournalContents,
  directory: string,
): Promise<Split<"train"> | string> {
  try {
    const images = await loadTrain(dataset);
    requireSearchedImages(journal, sameImages(images), directory);
    return images;
  } catch (error) {
    const isExpected = error instanceof RangeError || error instanceof SyntaxError ||
      error instanceof ConfigurationError;
    if (isExpected) return error.message;
    throw error;
  }
}
