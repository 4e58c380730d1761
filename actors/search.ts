/**
 * The search for the most harmful disturbance: MDD-ES (arXiv 2003.06646) as one call.
 *
 * @module
 */
import {
  decode,
  type Disturbance,
  type GenomeSpec,
  imagesSha256,
  loadTrain,
  type Split,
} from "../datasets/mod.ts";
import {
  compileRecipe,
  loadNetwork,
  locateNetwork,
  type Network,
  networkSha256,
  resolveRecipe,
} from "../models/mod.ts";
import { imageNeeds } from "../datasets/image_needs.ts";
import { checkOptions, ConfigurationError, requireMeaning, withoutDefaults } from "../options.ts";
import { type Need, reads, requirePermissions } from "../permissions.ts";
import {
  type CheckedSearch,
  type SearchConfiguration,
  type SearchOptions,
  searchSchema,
} from "./configuration.ts";
import { folderNeeds, moduleNeeds, networkNeeds, newFolderNeeds, trainingNeeds } from "./needs.ts";
import { checkPart } from "./own/check_part.ts";
import {
  checkDevices,
  checkFit,
  expandSearchDevices,
  needsProcess,
  requireSomewhere,
  trainerProcess,
} from "./devices/devices.ts";
import type { FitnessTerm } from "./population/fitness.ts";
import { moduleContent } from "./own/module_sha256.ts";
import { readOwnTerms, writeOwnTerm } from "./own/own_terms.ts";
import { readJournal } from "./record/journal.ts";
import { natsNeeds, type NatsOptions } from "./remote/nats_options.ts";
import { openServer, type RemoteServer, type RunFacts } from "./remote/open_server.ts";
import { slotsOf } from "./remote/slots_of.ts";
import {
  type PopulationEvent,
  type RecordedPopulationOptions,
  recordPopulation,
} from "./population/recorded_population.ts";
import { replay } from "./population/replay.ts";
import type { Winner } from "./record/facts.ts";
import type { Pruner } from "./population/pruner.ts";
import { compareTables, type ReplayedTable } from "./population/replayed_tables.ts";
import { Run, RunStopped, type RunWork } from "./population/run.ts";
import { defaultDirectory } from "./record/default_directory.ts";
import { readConfiguration, RunDirectory } from "./record/run_directory.ts";
import { requireNoFewer, requireNoGenerations, requireSame } from "./record/same_run.ts";
import { loadGuides } from "./own/load_guides.ts";
import type { Stopper } from "./population/stopper.ts";
import { SearchProgress } from "./population/search_progress.ts";
import { genomeOf, searchPlan } from "./search_plan.ts";
import { termsOf } from "./terms.ts";
import { startOf } from "./warm_start.ts";
import { requireWholeBatch } from "../training/training.ts";

/** The best disturbance of a search: what `best.json` holds. */
export interface BestDisturbance extends Omit<Winner, "genome"> {
  /** What is done to the images of each class. */
  readonly disturbance: Disturbance;
  /** Point of the search box [0, 1]^N that it was decoded from. */
  readonly genome: readonly number[];
}

/** What a search ends with. */
export interface SearchResult {
  /** The winner. */
  readonly best: BestDisturbance;
  /** The folder with the journal, the CSV files, `best.json` and `summary.json`. */
  readonly directory: string;
}

/** A search that has begun. */
export type SearchRun = Run<SearchEvent, SearchResult, BestDisturbance>;

/** What a search tells while it runs. */
export type SearchEvent =
  | PopulationEvent
  /** Before it starts: what a person should know of its images, such as files that are not read. */
  | { readonly type: "remark"; readonly text: string };

/**
 * Options of {@linkcode search}: those of {@linkcode SearchConfiguration}, all of them optional, where
 * to write, and what stops it.
 */
export interface SearchRunOptions extends SearchOptions {
  /**
   * Folder for the run; must not exist. Default: `runs/DATASET-TIME`, which the run's `directory` says
   * at once.
   */
  readonly directory?: string | undefined;
  /**
   * A NATS server by which workers on other hosts take part, besides the `devices` here; with devices
   * `["none"]` they do all. Default: none. Changes when and where things are computed, not what.
   */
  readonly nats?: NatsOptions | undefined;
  /** Stops the search; `result` then rejects with {@linkcode RunStopped}. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Search for the disturbance of a few pixels that makes a network trained on it fail on clean
 * images.
 *
 * @param options Those of {@linkcode SearchConfiguration}, each with its range and its default, and
 * where to write. All may be left out.
 * @returns A run: iterate it for its events, await its `result`. The result rejects with a
 * {@linkcode ConfigurationError} for options or data that cannot be used, before anything is
 * written, and at its end if all candidates failed. An option that has another value than its default
 * cannot be used without the choices that it needs.
 *
 * @example Three generations, with the semantic mismatch alone
 * ```ts
 * import { search } from "@mddes/mddes";
 *
 * await using run = search({
 *   dataset: "synthetic", // generated images
 *   trainSize: 50,
 *   epochs: 1,
 *   divergenceWeight: 0,
 *   population: 2,
 *   generations: 3,
 *   finalistRepeats: 0,
 *   devices: ["cpu"], // one trainer
 *   directory: `${await Deno.makeTempDir()}/run`,
 * });
 * for await (const event of run) {
 *   if (event.type === "generation") console.log(event.bestSoFar);
 * }
 * const { best, directory } = await run.result;
 * ```
 */
export function search(options: SearchRunOptions = {}): SearchRun {
  const { entries } = searchSchema;
  const { directory, signal, nats, ...rest } = options;
  const { dataset = entries.dataset.default } = rest;
  return begin(() => {
    const checked = checkOptions(searchSchema, rest);
    requireMeaning(entries, withoutDefaults(entries, rest), checked);
    return checked;
  }, { directory: directory ?? defaultDirectory(`${dataset}`), signal, nats });
}

/**
 * Begin a search whose options were checked where they were given, and have their defaults. The result
 * is as that of {@linkcode search}.
 */
export function beginSearch(
  options: CheckedSearch,
  where: Pick<SearchRunOptions, "directory" | "signal" | "nats">,
): SearchRun {
  const { directory = defaultDirectory(options.dataset), signal, nats } = where;
  return begin(() => options, { directory, signal, nats });
}

function begin(
  settle: () => CheckedSearch,
  where: Pick<SearchRunOptions, "signal" | "nats"> & { readonly directory: string },
): SearchRun {
  const { directory, nats } = where;
  return new Run(async (run) => {
    const needs = newFolderNeeds(directory);
    const prepared = await prepareSearch(settle(), { needs, signal: run.signal, nats });
    requireSomewhere(expandSearchDevices(prepared.configuration.devices), nats);
    await using server = await openServer(nats, prepared.split);
    using folder = RunDirectory.create(directory);
    return await runPrepared(prepared, folder, "begin", run, server);
  }, where);
}

/** Options of {@linkcode resume}. */
export interface ResumeOptions {
  /** More generations than the run was begun with. */
  readonly generations?: number;
  /** Default: as the run was begun with. Changes when things are computed, not what. */
  readonly devices?: readonly string[];
  /**
   * Draw no more candidates: evaluate the best so far again, and name the winner. Refused for a run
   * that is done, or in which no candidate has a result, and with `generations`. Default `false`.
   */
  readonly finish?: boolean;
  /** As for {@linkcode search}. Default: none, however the run was begun. */
  readonly nats?: NatsOptions | undefined;
  /** Stops the search again. */
  readonly signal?: AbortSignal;
}

/**
 * Continue a search that was stopped or has crashed, or extend one that is done. What was in the
 * journal is not computed again.
 *
 * @param directory The folder of the run.
 * @returns A run. Its result rejects as that of {@linkcode search}, and also if the images or the
 * network are not what they were; then nothing in the folder was changed.
 */
export function resume(
  directory: string,
  { generations, devices, finish = false, nats, signal }: ResumeOptions = {},
): SearchRun {
  return new Run(async (run) => {
    if (finish) requireNoGenerations(generations);
    requirePermissions(folderNeeds(directory));
    using folder = RunDirectory.open(directory);
    const begun = folder.readConfiguration("search", searchSchema);
    const changed = checkOptions(searchSchema, {
      ...begun,
      generations: generations ?? begun.generations,
      devices: devices ?? begun.devices,
    });
    requireNoFewer(changed.generations, begun.generations, directory);
    const prepared = await prepareSearch(changed, { signal: run.signal, nats });
    requireSomewhere(expandSearchDevices(prepared.configuration.devices), nats);
    await using server = await openServer(nats, prepared.split);
    return await runPrepared(prepared, folder, finish ? "finish" : "resume", run, server);
  }, { directory, signal });
}

/**
 * Run the events of a journal through the search again, in the order in which they came, and
 * compare the CSV files byte for byte. Nothing in the run's folder is changed.
 *
 * @param directory The folder of a run that is not running.
 * @throws {ConfigurationError} If the configuration or the images are not those of the journal.
 * @throws {SyntaxError} If the journal is damaged.
 */
export async function replaySearch(directory: string): Promise<ReplayedTable[]> {
  const prepared = await prepareSearch(readConfiguration(directory, "search", searchSchema));
  const { configuration, contents, progress, ownTerms } = prepared;
  const journal = await readJournal(`${directory}/journal.jsonl`);
  requireSame(journal, { ...configuration, ...contents }, directory, searchSchema.entries);
  const { rows } = replay(journal, progress);
  return await compareTables(directory, rows, progress.population, ownTerms);
}

interface PreparedSearch
  extends Pick<RecordedPopulationOptions<unknown>, "plan" | "progress" | "contents"> {
  readonly configuration: SearchConfiguration;
  readonly split: Split<"train">;
  readonly genome: GenomeSpec;
  readonly terms: readonly FitnessTerm[];
  readonly ownTerms: readonly string[];
  /** What workers on other hosts must know, but for the name and the folder of the run. */
  readonly facts: Omit<RunFacts, "run" | "folder">;
  readonly stoppers: readonly Stopper[];
  readonly pruner: Pruner | undefined;
}

/**
 * Check everything that can be checked before anything is written or computed.
 *
 * @param needs Of the folder of the run. Default: none.
 * @param nats A server that is to be used. Default: none.
 * @throws {ConfigurationError} If the options, the data or the devices cannot be used, or Deno does not
 * allow what they need.
 * @throws {RunStopped} If the signal was aborted.
 */
async function prepareSearch(
  options: CheckedSearch,
  { needs = [], signal, nats }: {
    readonly needs?: readonly Need[];
    readonly signal?: AbortSignal;
    readonly nats?: NatsOptions | undefined;
  } = {},
): Promise<PreparedSearch> {
  try {
    const devices = expandSearchDevices(options.devices);
    const server = nats ? natsNeeds(nats) : [];
    requirePermissions([...needs, ...server, ...await optionNeeds(options, devices)]);
    await checkDevices(devices, options);
    const recipe = resolveRecipe(options.network, options, options.epochs);
    const location = locateNetwork(options.network);
    const split = await loadTrain(options.dataset);
    const classes = split.classNames.length;
    const network = await loadNetwork(location, split.shape, classes, { signal });
    requireWholeBatch(network, options.batchSize, options.trainSize);
    const { optimizer } = compileRecipe(recipe);
    checkFit(devices, { network, optimizer, batchSize: options.batchSize });
    const own = readOwnTerms(options.terms);
    if (options.mismatchWeight === 0 && options.divergenceWeight === 0 && own.length === 0) {
      throw new ConfigurationError(
        (nameOf) =>
          `Cannot search: expected ${nameOf("mismatchWeight")} or ${
            nameOf("divergenceWeight")
          } above 0, received 0 for both`,
      );
    }
    requirePrunable(options);
    const { strategy, stoppers, pruner, options: guides } = await loadGuides(
      options,
      (fitness, target) => fitness >= target,
      signal,
    );
    const genome = genomeOf(options, split);
    const { mean, ...start } = await startOf(options, genome, signal);
    const configuration: SearchConfiguration = {
      ...options,
      ...recipe,
      dataset: split.dataset,
      network: location,
      ...(options.terms && { terms: own.map(writeOwnTerm) }),
      ...guides,
      ...start,
      devices: devices.length === 0 ? ["none"] : devices,
      isolation: needsProcess(devices, options) ? "process" : options.isolation,
    };
    const plan = searchPlan(options, genome, mean, strategy);
    const progress = new SearchProgress(plan);
    const contents = contentsOf(configuration, split, network);
    const images = { dataset: split.dataset, sha256: contents.imagesSha256 };
    const byClass = strategy.learnsByBlock ?? false;
    const terms = termsOf(configuration, own, split, images, network, genome, byClass);
    const ownTerms = own.map(({ name }) => name);
    const facts: Omit<RunFacts, "run" | "folder"> = {
      kind: "search",
      configuration: { ...configuration },
      parts: terms.map(({ part }) => part),
      modules: Object.fromEntries(
        nats ? own.map(({ name, module }) => [name, moduleContent(module)]) : [],
      ),
      byClass,
      prunes: pruner !== undefined,
      imagesSha256: contents.imagesSha256,
      ...(contents.networkSha256 && { network, networkSha256: contents.networkSha256 }),
    };
    for (const { name, module } of own) {
      await checkPart(terms.find(({ part }) => part === name)!, module, signal);
    }
    return {
      configuration,
      contents,
      split,
      genome,
      plan,
      progress,
      terms,
      ownTerms,
      facts,
      stoppers,
      pruner,
    };
  } catch (error) {
    if (signal?.aborted) throw new RunStopped("The search was stopped");
    if (error instanceof ConfigurationError || !(error instanceof Error)) throw error;
    throw new ConfigurationError(error.message, { cause: error });
  }
}

async function optionNeeds(options: CheckedSearch, devices: readonly string[]): Promise<Need[]> {
  const { mismatchWeight, divergenceWeight, strategy, pruner, stop = [], terms = [] } = options;
  const { warmStart } = options;
  const files = terms.map((term) => term.replace(/=[^=]*$/s, ""));
  return [
    ...await imageNeeds(options.dataset),
    ...networkNeeds(options.network),
    ...(mismatchWeight + divergenceWeight > 0 && devices.length > 0
      ? trainingNeeds(devices, options)
      : []),
    ...moduleNeeds([strategy, pruner, ...stop, ...files]),
    ...(typeof warmStart === "string" ? [reads(warmStart, "the run to start from")] : []),
  ];
}

/** @throws {ConfigurationError} If there is a pruner that would never be asked. */
function requirePrunable({ pruner, mismatchWeight, epochs }: CheckedSearch): void {
  if (pruner === undefined) return;
  if (mismatchWeight === 0) {
    throw new ConfigurationError(
      (nameOf) =>
        `Cannot use a pruner: it judges trainings, and with ${
          nameOf("mismatchWeight")
        } 0 there are none`,
    );
  }
  if (epochs < 2) {
    throw new ConfigurationError(
      `Cannot use a pruner: it is asked between epochs; expected at least 2, received ${epochs}`,
    );
  }
}

/**
 * What files can change between two parts of a run: the journal knows what was in them. Of the images
 * the whole training half counts: the options decide which of them are used.
 */
function contentsOf(
  { network: location }: SearchConfiguration,
  split: Split<"train">,
  network: Network,
): { readonly imagesSha256: string; readonly networkSha256?: string } {
  const images = { imagesSha256: imagesSha256(split) };
  if (!location.startsWith("file:")) return images;
  return { ...images, networkSha256: networkSha256(network) };
}

async function runPrepared(
  { configuration, contents, split, genome, facts, ...prepared }: PreparedSearch,
  folder: RunDirectory,
  how: "begin" | "resume" | "finish",
  run: RunWork<SearchEvent, BestDisturbance>,
  server: RemoteServer | undefined,
): Promise<SearchResult> {
  const { maxAttempts, leaseSeconds } = configuration;
  const devices = expandSearchDevices(configuration.devices);
  const remote = slotsOf(server, facts, folder);
  const bestOf = ({ genome: point, ...winner }: Winner): BestDisturbance => ({
    ...winner,
    disturbance: decode(point, genome),
    genome: point,
  });
  for (const text of split.remarks ?? []) run.emit({ type: "remark", text });
  const winner = await recordPopulation({
    ...run,
    ...prepared,
    kind: "search",
    entries: searchSchema.entries,
    configuration: { ...configuration },
    contents,
    devices,
    remote,
    placement: configuration.isolation === "worker"
      ? { kind: "worker" }
      : trainerProcess(devices, configuration),
    maxAttempts,
    leaseMs: 1000 * leaseSeconds,
    folder,
    how,
    source: split.source,
    describeBest: bestOf,
  });
  return { best: bestOf(winner), directory: folder.path };
}
