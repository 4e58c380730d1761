/**
 * Where a search starts: as always, or where another one has ended.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  genomeLength,
  type GenomeSpec,
  imagesSha256,
  initialMean,
  loadTrain,
} from "../datasets/mod.ts";
import { imageNeeds } from "../datasets/image_needs.ts";
import { ConfigurationError } from "../options.ts";
import { requirePermissions } from "../permissions.ts";
import { type CheckedSearch, searchSchema, type WarmStart } from "./configuration.ts";
import { moduleNeeds } from "./needs.ts";
import { loadStrategy } from "./own/load_strategy.ts";
import { replay } from "./population/replay.ts";
import { RunStopped } from "./population/run.ts";
import { SearchProgress } from "./population/search_progress.ts";
import { readJournal } from "./record/journal.ts";
import { readConfiguration } from "./record/run_directory.ts";
import { requireSame } from "./record/same_run.ts";
import { genomeOf, searchPlan } from "./search_plan.ts";

/**
 * The first mean of a search, and what `config.json` says of it.
 *
 * @throws {ConfigurationError} As {@linkcode readWarmStart}.
 */
export async function startOf(
  { warmStart }: Pick<CheckedSearch, "warmStart">,
  genome: GenomeSpec,
  signal: AbortSignal | undefined,
): Promise<{ readonly mean: readonly number[]; readonly warmStart?: WarmStart }> {
  if (warmStart === undefined) return { mean: [...initialMean(genome)] };
  const read = await readWarmStart(warmStart, genome, signal);
  return { mean: read.mean, warmStart: read };
}

/**
 * Where a search begins that goes on from another one. What was read of that once is not read again.
 *
 * @param wish The folder of the other run, or what was read there.
 * @param genome What the points of this search describe.
 * @throws {ConfigurationError} If there is no such run, its points describe something else, or it has
 * learned nothing yet.
 * @throws {RunStopped} If the signal was aborted.
 */
async function readWarmStart(
  wish: string | WarmStart,
  genome: GenomeSpec,
  signal: AbortSignal | undefined,
): Promise<WarmStart> {
  const run = resolve(typeof wish === "string" ? wish : wish.run);
  try {
    const mean = typeof wish === "string" ? await endOf(run, genome, signal) : wish.mean;
    requirePoint(mean, genomeLength(genome));
    return { run, mean };
  } catch (error) {
    if (error instanceof RunStopped || !(error instanceof Error)) throw error;
    throw new ConfigurationError(`Cannot start from the run in ${run}: ${error.message}`, {
      cause: error,
    });
  }
}

/** The mean of a run's last distribution, or its best point where no mean was learned. */
async function endOf(
  directory: string,
  wanted: GenomeSpec,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const options = readConfiguration(directory, "search", searchSchema);
  const { dataset, strategy: name, restarts } = options;
  requirePermissions([...await imageNeeds(dataset), ...moduleNeeds([name])]);
  const split = await loadTrain(dataset);
  const genome = genomeOf(options, split);
  requireSameMeaning(genome, wanted);
  const journal = await readJournal(`${directory}/journal.jsonl`);
  const [begun] = journal.events;
  const contents = {
    ...(begun?.type === "Begun" && begun.configuration),
    imagesSha256: imagesSha256(split),
  };
  requireSame(journal, { ...contents, ...options }, directory, searchSchema.entries);
  const { strategy } = await loadStrategy(options, signal);
  const start = await startOf(options, genome, signal);
  const progress = new SearchProgress(searchPlan(options, genome, start.mean, strategy));
  const { winner } = replay(journal, progress);
  const best = winner ?? progress.best;
  if (progress.generation === 0 || best === null) {
    throw new ConfigurationError("expected a generation with a result, received none");
  }
  // Random draws move no mean, and after a restart it is anywhere.
  const isLearned = name !== "random" && restarts === undefined;
  return (isLearned ? progress.shown.mean : undefined) ?? best.genome;
}

/** Rows and columns are shares of an image: its height and width may be others. */
function requireSameMeaning(found: GenomeSpec, wanted: GenomeSpec): void {
  const wordsOf = ({ classes, pixels, shape: [channels], mode }: GenomeSpec) => [
    `${classes} classes`,
    `pixels ${pixels}`,
    `${channels} channels`,
    `perturbation ${mode}`,
  ];
  const received = wordsOf(found);
  const expected = wordsOf(wanted);
  const differing = expected.findIndex((words, index) => words !== received[index]);
  if (differing < 0) return;
  throw new ConfigurationError(
    `expected ${expected[differing]}, as in this search, received ${received[differing]}`,
  );
}

function requirePoint(mean: readonly number[], length: number): void {
  if (mean.length !== length) {
    throw new ConfigurationError(`expected a mean of ${length} numbers, received ${mean.length}`);
  }
  const outside = mean.findIndex((value) => !(value >= 0 && value <= 1));
  if (outside < 0) return;
  throw new ConfigurationError(
    `expected a mean in [0, 1], received ${mean[outside]} at coordinate ${outside}`,
  );
}
