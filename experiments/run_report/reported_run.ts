/**
 * Everything that a report needs to know of a run, finished or not.
 *
 * @module
 */
import { type CheckedSearch, minimizeSchema, searchSchema } from "../../actors/configuration.ts";
import {
  type JournalContents,
  type JournalEvent,
  readJournal,
} from "../../actors/record/journal.ts";
import { type LogEntry, readLog } from "../../actors/record/log.ts";
import {
  type Evaluated,
  type GenerationDone,
  keyOf,
  type Sampled,
} from "../../actors/record/facts.ts";
import { readGenerations } from "../../actors/record/read_generations.ts";
import {
  type ConfigurationFile,
  readConfigurationFile,
} from "../../actors/record/run_directory.ts";
import { requireSearchedImages } from "../../actors/record/same_run.ts";
import { type GenomeSpec, loadTrain, sameImages, type Split } from "../../datasets/mod.ts";
import { checkOptions, ConfigurationError } from "../../options.ts";
import { type NetworkTest, readAllTests } from "./read_tests.ts";

/** A run as a report sees it. */
export interface ReportedRun {
  /** Short, and different from those of the other runs. */
  readonly name: string;
  readonly directory: string;
  readonly kind: ConfigurationFile["kind"];
  /** Which data was used, in words. */
  readonly source: string;
  /** Of Deno. */
  readonly deno: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What a disturbance is made for; `undefined` for a run of `minimize`. */
  readonly search?: SearchedImages;
  /** Updates of the distribution, in order. */
  readonly generations: readonly GenerationDone[];
  readonly generationsPlanned: number;
  /** Results of the search, in the order of (generation, candidate). */
  readonly candidates: readonly EvaluatedCandidate[];
  /** Results of finalists with fresh seeds, in the order of (generation, candidate, repeat). */
  readonly repeats: readonly Evaluated[];
  /** Whether everything that was planned is done. */
  readonly finished: boolean;
  /** Bytes at the journal's end that were not written whole. */
  readonly tornBytes: number;
  readonly log: readonly LogEntry[];
  /** By file, without `.csv`: networks that were trained with the winner, and with others. */
  readonly tests: ReadonlyMap<string, readonly NetworkTest[]>;
}

/** A result, and the point that was evaluated. */
export interface EvaluatedCandidate extends Evaluated {
  readonly genome: readonly number[];
}

/** What is known of the images of a search. */
export interface SearchedImages {
  readonly configuration: CheckedSearch;
  /** The training images, or why they cannot be loaded. */
  readonly images: Split<"train"> | string;
}

/** What the genomes of a search describe. */
export function genomeSpecOf(
  { pixels, perturbation }: CheckedSearch,
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
  const { kind, source, deno, configuration } = readConfigurationFile(directory);
  const nameOf = (option: string) => `${option} in ${directory}/config.json`;
  const search = kind === "search" ? checkOptions(searchSchema, configuration, nameOf) : undefined;
  const checked = search ?? checkOptions(minimizeSchema, configuration, nameOf);
  try {
    const journal = await readJournal(`${directory}/journal.jsonl`);
    const { events, tornBytes } = journal;
    const generations = readGenerations(directory);
    const results = resultsOf(events, directory);
    const finalistsDone = results.openRepeats === 0 &&
      (checked.finalistRepeats === 0 || results.repeats.length > 0);
    return {
      name,
      directory,
      kind,
      source,
      deno,
      configuration: checked,
      ...(search &&
        { search: { configuration: search, images: await imagesOf(search, journal, directory) } }),
      generations,
      generationsPlanned: checked.generations,
      candidates: results.candidates,
      repeats: results.repeats,
      finished: generations.length === checked.generations && finalistsDone &&
        namesIn(directory).includes("best.json"),
      tornBytes,
      log: readLog(`${directory}/log.jsonl`),
      tests: readAllTests(directory),
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}

function resultsOf(events: readonly JournalEvent[], directory: string) {
  const open = new Map<string, Sampled>();
  const candidates: EvaluatedCandidate[] = [];
  const repeats: Evaluated[] = [];
  for (const event of events) {
    if (event.type === "Sampled") open.set(keyOf(event), event);
    if (event.type !== "Evaluated") continue;
    const sampled = open.get(keyOf(event));
    if (!sampled) {
      throw new SyntaxError(
        `Cannot read ${directory}/journal.jsonl: it has a result of evaluation ${keyOf(event)}, ` +
          `which was not started`,
      );
    }
    open.delete(keyOf(event));
    if (event.repeat > 0) repeats.push(event);
    else candidates.push({ ...event, genome: sampled.draw.x });
  }
  return {
    candidates: candidates.sort(inOrder),
    repeats: repeats.sort(inOrder),
    openRepeats: [...open.values()].filter(({ repeat }) => repeat > 0).length,
  };
}

function inOrder(a: Evaluated, b: Evaluated): number {
  return a.generation - b.generation || a.candidate - b.candidate || a.repeat - b.repeat;
}

/** A report can do without the images, and then says why. */
async function imagesOf(
  { dataset }: CheckedSearch,
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

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name);
}
