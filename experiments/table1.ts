/**
 * `table1`: the paper's table. What each disturbance of the training images does to the
 * accuracy on clean test images, method by method and network by network.
 *
 * @module
 */
import {
  type Disturbance,
  type GenomeSpec,
  leftmostDisturbance,
  noDisturbance,
  onePixelShortcut,
  type Shape,
  type Split,
  uniformDisturbance,
} from "../datasets/mod.ts";
import { networkFor } from "../models/mod.ts";
import { ConfigurationError } from "../options.ts";
import { deriveSeed } from "../random.ts";
import {
  type Experiment,
  experimentLine,
  presetSearch,
  presetSubset,
  repeatSeeds,
} from "./study/experiment.ts";
import { experimentMain, type ExperimentSpec } from "./findings/run_experiment.ts";
import { type CommandLine, type Main, runCommand } from "./terminal/command.ts";
import { SEARCHED_METHODS } from "./study/methods.ts";
import type { Preset } from "./presets/mod.ts";
import type { FoundDisturbance, NetworkJob, StudySearch } from "./study/study.ts";
import type { Table1 } from "./table1/cells.ts";
import { isSearched, type Row, rowsOf } from "./table1/rows.ts";
import { table1Findings } from "./table1/findings.ts";
import { table1Tables } from "./table1/tables.ts";
import { presetTraining } from "./presets/training.ts";

/** A search that one repeat of one row needs. */
interface RowSearch extends StudySearch {
  readonly row: Row;
  readonly repeat: number;
}

/** A network that one repeat of one row needs. */
interface RowJob extends NetworkJob {
  readonly row: Row;
  readonly repeat: number;
  readonly draw: number;
  /** The folder of the search that found the disturbance. */
  readonly run: string | null;
}

/** Do what the table needs and is not done yet. */
export async function runTable1(asked: Experiment): Promise<Table1> {
  const { study } = asked;
  const data = await study.data(asked.preset.dataset);
  const experiment = { ...asked, preset: presetFor(asked.preset, data.train.shape) };
  const { preset } = experiment;
  const rows = rowsOf(preset.pixels);
  const fixed = fixedDisturbances(data.train, rows);
  const searches = rows.flatMap((row) => eachRepeat(experiment, row, searchOf))
    .sort((a, b) => a.repeat - b.repeat);
  const draws = rows.reduce((sum, row) => sum + drawsOf(preset, row), 0);
  const networks = preset.networks.map((network) => ({
    dataset: preset.dataset,
    training: presetTraining(preset, network),
    subset: presetSubset(preset, repeatSeeds(experiment.seed, 0)),
    count: preset.repeats * draws,
  }));
  await study.plan({ searches, networks });
  const sources = [data.train.source, data.test.source];
  study.print(
    `${sources.join("\n")}\n${searches.length} searches, then ` +
      `${networks.reduce((sum, { count }) => sum + count, 0)} networks`,
  );
  const found = new Map<string, FoundDisturbance>();
  for (const search of searches) found.set(search.label, await study.search(search));
  const jobs = rows.flatMap((row) =>
    eachRepeat(experiment, row, (...where) => jobsOf(data.train, fixed, found, ...where))
  ).sort((a, b) => a.repeat - b.repeat);
  const tested = await study.test(jobs);
  const tests = tested.map(({ job, outcome, file }) => ({ ...job, outcome, file }));
  return { experiment, sources, rows, tests };
}

/** With another set of images the search may need another network, and so may the tests with it. */
function presetFor(preset: Preset, shape: Shape): Preset {
  const { search } = preset;
  const network = networkFor(shape);
  return {
    ...preset,
    search: { ...search, network },
    networks: preset.networks.map((tested) => tested === search.network ? network : tested),
  };
}

/** One repeat of one row. */
type Where = readonly [experiment: Experiment, row: Row, repeat: number];

function eachRepeat<T>(experiment: Experiment, row: Row, make: (...where: Where) => T[]): T[] {
  return Array.from(
    { length: experiment.preset.repeats },
    (_, repeat) => make(experiment, row, repeat),
  ).flat();
}

function labelOf(row: Row, repeat: number): string {
  return `repeat ${repeat + 1}, ${row.name}`;
}

/** The search for a row, if there is one. */
function searchOf(...[{ preset, seed }, row, repeat]: Where): RowSearch[] {
  if (!isSearched(row.method)) return [];
  const options = presetSearch(preset, row.pixels ?? 1, repeatSeeds(seed, repeat));
  return [{
    row,
    repeat,
    label: labelOf(row, repeat),
    method: row.method,
    options: { ...options, ...SEARCHED_METHODS[row.method] },
  }];
}

/**
 * By the names of their rows, the disturbances that need no search and are the same in all repeats.
 *
 * @throws {ConfigurationError} If one cannot be made for such images.
 */
function fixedDisturbances(
  train: Split<"train">,
  rows: readonly Row[],
): ReadonlyMap<string, Disturbance> {
  const of = ({ method, pixels }: Row): Disturbance[] => {
    const spec = specOf(train, pixels);
    if (method === "clean") return [noDisturbance(spec)];
    if (method === "leftmost") return [leftmostDisturbance(spec)];
    return method === "ops" ? [onePixelShortcut(train, spec.pixels)] : [];
  };
  try {
    return new Map(rows.flatMap((row) => of(row).map((disturbance) => [row.name, disturbance])));
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

function specOf({ classNames, shape }: Split<"train">, pixels: number | null): GenomeSpec {
  return { classes: classNames.length, shape, pixels: pixels ?? 1 };
}

/** Disturbances of one repeat of a row. */
function drawsOf({ uniformDraws }: Preset, { method }: Row): number {
  return method === "uniform" ? uniformDraws : 1;
}

function jobsOf(
  train: Split<"train">,
  fixed: ReadonlyMap<string, Disturbance>,
  found: ReadonlyMap<string, FoundDisturbance>,
  ...[{ preset, seed }, row, repeat]: Where
): RowJob[] {
  const seeds = repeatSeeds(seed, repeat);
  const label = labelOf(row, repeat);
  const search = found.get(label);
  const disturbance = (draw: number): Disturbance =>
    search?.disturbance ?? fixed.get(row.name) ??
      uniformDisturbance(deriveSeed(seeds.uniform, draw), specOf(train, row.pixels));
  return Array.from(
    { length: drawsOf(preset, row) },
    (_, draw) =>
      preset.networks.map((network): RowJob => ({
        row,
        repeat,
        draw,
        run: search?.directory ?? null,
        label: `${label}${draw === 0 ? "" : `, draw ${draw + 1}`}, ${network}`,
        dataset: preset.dataset,
        disturbance: disturbance(draw),
        training: presetTraining(preset, network),
        subset: presetSubset(preset, seeds),
        seed: seeds.training,
      })),
  ).flat();
}

export const table1: ExperimentSpec = {
  name: "table1",
  summary: "The paper's table: what each disturbance does to the accuracy on clean test images.",
  findOut: async (experiment) => {
    const table = await runTable1(experiment);
    return { findings: table1Findings(table), tables: table1Tables(table) };
  },
};

export const commandLine: CommandLine = experimentLine(table1);
export const main: Main = experimentMain(table1);

if (import.meta.main) await runCommand(main);
