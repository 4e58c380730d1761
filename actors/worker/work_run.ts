/**
 * What a worker needs to do the parts of a run, made of what the host that searches says of it: the same
 * parts, with this host's own images.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { imagesSha256, type Split } from "../../datasets/mod.ts";
import { compileRecipe, loadNetwork, type Network, networkSha256 } from "../../models/mod.ts";
import { checkNetwork } from "../../models/network_schema.ts";
import { placeLayers } from "../../models/network.ts";
import { checkOptions, ConfigurationError } from "../../options.ts";
import { minimizeSchema, type SearchConfiguration, searchSchema } from "../configuration.ts";
import { checkDevices, checkFit, needsProcess, trainerProcess } from "../devices/devices.ts";
import { checkPart } from "../own/check_part.ts";
import { moduleContent } from "../own/module_sha256.ts";
import { ownProcess } from "../own/own_process.ts";
import { imagesFor } from "./images_for.ts";
import type { FitnessTerm } from "../population/fitness.ts";
import type { RunRecord } from "../remote/messages.ts";
import type { Placement } from "../runtime/mod.ts";
import { genomeOf } from "../search_plan.ts";
import { measureTerm, termsOf } from "../terms.ts";

/** How a worker computes, whatever the run. */
export interface WorkPlace {
  /** Expanded: one slot for each. */
  readonly devices: readonly string[];
  readonly isolation: "worker" | "process";
  /** URLs of the modules that it is willing to run. */
  readonly modules: readonly string[];
  /** Told in words what happens. */
  readonly say: (text: string) => void;
  /** The worker leaves. */
  readonly signal: AbortSignal;
}

/** A run that a worker can work for. */
export interface WorkRun {
  readonly run: string;
  /** What it is, in words. */
  readonly title: string;
  readonly terms: readonly FitnessTerm[];
  readonly placement: Placement;
  /** Time without a sign of life before an actor is killed. */
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Whether there is a pruner to be asked. */
  readonly prunes: boolean;
}

/** Images that were loaded: runs share them. */
export type LoadedImages = Map<string, Split<"train">>;

/**
 * Gets ready for a run.
 *
 * @throws {Error} If this host cannot work for it: one line that says why.
 */
export async function prepareWork(
  record: RunRecord,
  place: WorkPlace,
  loaded: LoadedImages,
): Promise<WorkRun> {
  return record.kind === "search"
    ? await prepareSearchWork(record, place, loaded)
    : await prepareMinimizeWork(record, place);
}

async function prepareSearchWork(
  record: RunRecord,
  place: WorkPlace,
  loaded: LoadedImages,
): Promise<WorkRun> {
  const { devices } = place;
  const given = checkOptions(searchSchema, record.configuration);
  const configuration = {
    ...given,
    devices,
    isolation: needsProcess(devices, given) ? "process" : place.isolation,
  } as SearchConfiguration;
  const split = loaded.get(configuration.dataset) ??
    await imagesFor(record, configuration.dataset, place);
  const sha256 = imagesSha256(split);
  if (sha256 !== record.imagesSha256) {
    throw new ConfigurationError(
      `the training images of ${configuration.dataset} here are not those of the search: expected ` +
        `SHA-256 ${record.imagesSha256}, received ${sha256}`,
    );
  }
  loaded.set(configuration.dataset, split);
  const network = await networkOf(record, configuration, split);
  const { optimizer } = compileRecipe(configuration);
  await checkDevices(devices, configuration);
  checkFit(devices, { network, optimizer, batchSize: configuration.batchSize });
  const own = Object.keys(record.modules).map((name) => ({
    name,
    module: moduleFor(record, name, place),
    weight: 1, // Of no matter here: it is the search that weighs.
  }));
  const terms = termsOf(
    configuration,
    own,
    split,
    { dataset: split.dataset, sha256 },
    network,
    genomeOf(configuration, split),
    record.byClass,
  );
  for (const { name, module } of own) {
    await checkPart(terms.find(({ part }) => part === name)!, module, undefined);
  }
  return {
    ...commonOf(record, configuration, terms),
    title: `a search on ${configuration.dataset} with ${network.name}`,
    placement: configuration.isolation === "worker"
      ? { kind: "worker" }
      : trainerProcess(devices, configuration),
  };
}

/** A network in a file comes as data, so that nobody's code is run for it. */
async function networkOf(
  record: RunRecord,
  { network: location }: SearchConfiguration,
  split: Split<"train">,
): Promise<Network> {
  const { shape, classNames: { length: classes } } = split;
  if (!location.startsWith("file:")) return await loadNetwork(location, shape, classes);
  if (networkSha256(record.network as Network) !== record.networkSha256) {
    throw new ConfigurationError(`its network ${location} did not arrive as it was sent`);
  }
  const network = checkNetwork(record.network);
  placeLayers(network);
  if (`${network.input}` !== `${shape}` || network.classes !== classes) {
    throw new ConfigurationError(`its network ${network.name} does not fit the images`);
  }
  return network;
}

async function prepareMinimizeWork(record: RunRecord, place: WorkPlace): Promise<WorkRun> {
  const configuration = checkOptions(minimizeSchema, record.configuration);
  const module = moduleFor(record, "measure", place);
  const placement: Placement = place.isolation === "worker"
    ? { kind: "worker" }
    : await ownProcess();
  const term = measureTerm(module);
  await checkPart(term, module, undefined, placement);
  return {
    ...commonOf(record, configuration, [term]),
    title: `a run of minimize with ${record.modules.measure!.file}`,
    placement,
  };
}

function commonOf(
  record: RunRecord,
  { leaseSeconds, maxAttempts }: Pick<SearchConfiguration, "leaseSeconds" | "maxAttempts">,
  terms: readonly FitnessTerm[],
): Omit<WorkRun, "title" | "placement"> {
  const { run, prunes, parts } = record;
  if (`${terms.map(({ part }) => part)}` !== `${parts}`) {
    throw new ConfigurationError(
      `it has the parts ${parts}, and its options make ${terms.map(({ part }) => part)}`,
    );
  }
  return { run, terms, leaseMs: 1000 * leaseSeconds, maxAttempts, prunes };
}

/** @throws {ConfigurationError} If the worker was not given the module that a part needs. */
function moduleFor({ modules: wanted }: RunRecord, part: string, { modules }: WorkPlace): string {
  const { file, sha256 } = wanted[part] ?? { file: `a module for ${part}`, sha256: "" };
  const contents = modules.map((url) => ({ url, ...moduleContent(url) }));
  const same = contents.find((content) => content.sha256 === sha256);
  if (same) return same.url;
  const named = contents.find((content) => content.file === file);
  throw new ConfigurationError(
    named
      ? `${
        fileURLToPath(named.url)
      } is not the ${file} of the search: expected SHA-256 ${sha256}, ` +
        `received ${named.sha256}`
      : `it needs the module ${file}, with SHA-256 ${sha256}; start the worker with --modules and ` +
        `its path, if it may run here`,
  );
}
