/**
 * What the commands of the paper's table and figures do alike: read a preset and its overrides, and
 * open the study that all of them share.
 *
 * @module
 */
import * as v from "valibot";
import { devicesOption, type SearchOptions, searchSchema } from "../../actors/configuration.ts";
import { commandText } from "../../command_text.ts";
import { expandDevices } from "../../actors/devices/devices.ts";
import { folderNeeds, trainingNeeds } from "../../actors/needs.ts";
import { imageNeeds } from "../../datasets/image_needs.ts";
import type { Shape } from "../../datasets/mod.ts";
import { networkFor } from "../../models/mod.ts";
import {
  checkOptions,
  choice,
  ConfigurationError,
  flagOf,
  integer,
  list,
  text,
} from "../../options.ts";
import { requirePermissions } from "../../permissions.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import { type CommandLine, readCommandLine } from "../terminal/command.ts";
import { type ExperimentPreset, type Preset, PRESETS } from "../presets/mod.ts";
import { makeFolder } from "./make_folder.ts";
import { Study } from "./study.ts";

/** `--runs` of the commands that compute nothing twice. */
export const runsOption = v.optional(
  text("a path", "folder of everything that is computed; what is in it is not computed again"),
  "runs",
);

/** Every option of the paper's experiments: `table1`, `figure2` and so on. */
const schema = v.strictObject({
  preset: v.optional(
    choice(
      Object.keys(PRESETS) as (keyof typeof PRESETS)[],
      "how much is done: minutes, an hour (budget: hours), two hours in colour, or as the paper",
    ),
    "smoke",
  ),
  dataset: v.optional(
    list(
      "a list of names of datasets",
      "which images; the preset's if left out; figures take several",
    ),
  ),
  repeats: v.optional(
    integer(1, 1000, "searches and networks for each cell; the preset's if left out"),
  ),
  seed: searchSchema.entries.seed,
  engine: searchSchema.entries.engine,
  backend: searchSchema.entries.backend,
  devices: devicesOption(),
  runs: runsOption,
});

/** An experiment that was asked for. */
export interface Experiment {
  /** Such as `table1`. */
  readonly name: string;
  readonly presetName: keyof typeof PRESETS;
  /** The preset, with what the command line changes in it; its set is the first of `datasets`. */
  readonly preset: Preset;
  /** One, unless the experiment takes several. */
  readonly datasets: readonly string[];
  readonly seed: number;
  /** Folder of this experiment's own output. It is there. */
  readonly directory: string;
  readonly study: Study;
}

/** What a preset says of an experiment, where the command line says nothing. */
export interface ExperimentDefaults {
  readonly datasets: readonly string[];
  readonly repeats: number;
}

/** The command line of an experiment, as `--help` shows it. */
export function experimentLine(
  { name, summary }: Pick<CommandLine, "name" | "summary">,
): CommandLine {
  return { name, summary, options: schema.entries };
}

/**
 * Read the command line of an experiment.
 *
 * @param defaults Of an experiment that takes several sets. Default: the preset's set and repeats.
 * @returns `undefined` if help was asked for and has been printed.
 * @throws {ConfigurationError} For the first option or device that cannot be used.
 */
export async function openExperiment(
  commandLine: CommandLine,
  args: readonly string[],
  signal: AbortSignal,
  defaults?: (preset: ExperimentPreset) => ExperimentDefaults,
): Promise<Experiment | undefined> {
  const { name } = commandLine;
  const given = readCommandLine(args, commandLine);
  if (!given) return undefined;
  const options = checkOptions(schema, given, flagOf);
  const { preset: presetName, seed, runs } = options;
  const named = PRESETS[presetName];
  const usual = defaults?.(named) ?? { datasets: [named.dataset], repeats: named.repeats };
  const datasets = [...new Set(options.dataset ?? usual.datasets)];
  if (!defaults && datasets.length > 1) {
    throw new ConfigurationError(
      `Option --dataset must be one dataset for ${name}, received "${datasets.join(",")}"`,
    );
  }
  for (const [shortName, alike] of Map.groupBy(datasets, setId)) {
    if (alike.length > 1) {
      throw new ConfigurationError(
        `Option --dataset must be sets whose files can be told apart; those of ${
          alike.join(" and ")
        } would all be called ${shortName}`,
      );
    }
  }
  const preset = { ...named, dataset: datasets[0]!, repeats: options.repeats ?? usual.repeats };
  const command = commandText(name, args);
  requirePermissions([
    ...folderNeeds(runs),
    ...trainingNeeds(expandDevices(options.devices), options),
    ...(await Promise.all(datasets.map(imageNeeds))).flat(),
  ]);
  const study = await Study.open({ ...options, name, command, signal });
  for (const dataset of datasets) await study.data(dataset);
  const directory = `${runs}/${name}-${presetName}-${datasets.map(setName).join("-")}`;
  makeFolder(directory);
  return { name, presetName, preset, datasets, seed, directory, study };
}

/** The name of a set, or of a folder of images without the path to it. */
export function setName(dataset: string): string {
  return dataset.replace(/\/+$/, "").replace(/.*\//s, "");
}

/** The name of a set in the names of files: small letters, digits and hyphens. */
export function setId(dataset: string): string {
  return setName(dataset).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** The seeds of a repeat: the same for all methods, so that these can be compared pair by pair. */
export interface RepeatSeeds {
  /** Of its searches. */
  readonly search: number;
  /** Of the networks that are tested. */
  readonly training: number;
  /** Of the choice of training images. */
  readonly subset: number;
  /** Of its uniform disturbances, together with their number. */
  readonly uniform: number;
}

/**
 * @param seed Of the experiment.
 * @param repeat From 0.
 */
export function repeatSeeds(seed: number, repeat: number): RepeatSeeds {
  const search = (seed + repeat) % 2 ** 32;
  return {
    search,
    training: deriveSeed(search, RUN_STREAMS.testedNetwork),
    subset: deriveSeed(search, RUN_STREAMS.trainingImages),
    uniform: deriveSeed(search, RUN_STREAMS.uniformDisturbances),
  };
}

/** The options of a preset's search. */
export function presetSearch(
  { dataset, search }: Preset,
  pixels: number,
  seeds: Pick<RepeatSeeds, "search">,
): SearchOptions {
  return { ...search, dataset, pixels, seed: seeds.search };
}

/** The training images of a preset's tests. */
export function presetSubset(
  { training: { trainSize } }: Preset,
  seeds: Pick<RepeatSeeds, "subset">,
): { readonly size: number; readonly seed: number } | null {
  return trainSize === null ? null : { size: trainSize, seed: seeds.subset };
}

/** A preset for one set of images, with the network that the paper has for it in search and tests. */
export function forDataset<P extends Preset>(preset: P, dataset: string, shape: Shape): P {
  const network = networkFor(shape);
  return { ...preset, dataset, search: { ...preset.search, network }, networks: [network] };
}
