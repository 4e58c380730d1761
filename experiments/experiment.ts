/**
 * What the commands of the paper's table and figures do alike: read a preset and its overrides, and
 * open the study that all of them share.
 *
 * @module
 */
import type * as v from "valibot";
import { checkOptions, experimentSchema, type SearchOptions } from "../actors/configuration.ts";
import { deriveSeed } from "../random.ts";
import { flagOf, readCommandLine } from "./command.ts";
import { type Preset, PRESETS } from "./presets/mod.ts";
import { Study } from "./study.ts";

/** An experiment that was asked for. */
export interface Experiment {
  /** Such as `table1`. */
  readonly name: string;
  readonly presetName: keyof typeof PRESETS;
  /** The preset, with what the command line changes in it. */
  readonly preset: Preset;
  readonly seed: number;
  /** Folder of this experiment's own output. It is there. */
  readonly directory: string;
  readonly study: Study;
}

/**
 * Read the command line of an experiment.
 *
 * @returns `undefined` if help was asked for and has been printed.
 * @throws {ConfigurationError} For the first option or device that cannot be used.
 */
export async function openExperiment(
  name: string,
  summary: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Experiment | undefined> {
  const given = readCommandLine(args, { name, summary, options: experimentSchema.entries });
  if (!given) return undefined;
  const options = checkOptions(experimentSchema, given, flagOf);
  const { preset: presetName, seed, runs } = options;
  const preset = override(PRESETS[presetName], options);
  const command = ["deno task", name, ...args].join(" ");
  const study = await Study.open({ ...options, name, command, signal });
  await study.data(preset.dataset);
  const set = preset.dataset.replace(/\/+$/, "").replace(/.*\//, "");
  const directory = `${runs}/${name}-${presetName}-${set}`;
  Deno.mkdirSync(directory, { recursive: true });
  return { name, presetName, preset, seed, directory, study };
}

function override(
  preset: Preset,
  { dataset, repeats }: v.InferOutput<typeof experimentSchema>,
): Preset {
  return {
    ...preset,
    dataset: dataset ?? preset.dataset,
    repeats: repeats ?? preset.repeats,
  };
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
    training: deriveSeed(search, -6),
    subset: deriveSeed(search, -2),
    uniform: deriveSeed(search, -5),
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
