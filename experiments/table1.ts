/**
 * `deno task table1`: the paper's table. What each disturbance of the training images does to the
 * accuracy on clean test images, method by method and network by network.
 *
 * @module
 */
import {
  type Disturbance,
  type GenomeSpec,
  leftmostDisturbance,
  noDisturbance,
  uniformDisturbance,
} from "../datasets/mod.ts";
import { deriveSeed } from "../random.ts";
import { runCommand } from "./command.ts";
import {
  type Experiment,
  openExperiment,
  presetSearch,
  presetSubset,
  repeatSeeds,
} from "./experiment.ts";
import { SEARCHED_METHODS } from "./methods.ts";
import type { Preset } from "./presets/mod.ts";
import type { FoundDisturbance, NetworkJob, StudySearch } from "./study.ts";
import { type Table1, table1Text, writeTable1 } from "./table1_output.ts";
import { isSearched, type Row, rowsOf } from "./table1_rows.ts";
import { presetTraining } from "./training.ts";

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

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const experiment = await openExperiment(
    "table1",
    "The paper's table: what each disturbance does to the accuracy on clean test images.",
    args,
    signal,
  );
  if (!experiment) return;
  using _ = experiment.study;
  const table = await runTable1(experiment);
  writeTable1(table);
  console.log(`\n${table1Text(table)}\n\nFiles      ${experiment.directory}`);
}

/** Do what the table needs and is not done yet. */
export async function runTable1(experiment: Experiment): Promise<Table1> {
  const { preset, study } = experiment;
  const data = await study.data(preset.dataset);
  const rows = rowsOf(preset.pixels);
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
  const source = `${data.train.source}\n${data.test.source}`;
  study.print(
    `${source}\n${searches.length} searches, then ` +
      `${networks.reduce((sum, { count }) => sum + count, 0)} networks`,
  );
  const found = new Map<string, FoundDisturbance>();
  for (const search of searches) found.set(search.label, await study.search(search));
  const spec = { classes: data.train.classNames.length, shape: data.train.shape };
  const jobs = rows.flatMap((row) =>
    eachRepeat(experiment, row, (...where) => jobsOf(spec, found, ...where))
  ).sort((a, b) => a.repeat - b.repeat);
  const tested = await study.test(jobs);
  study[Symbol.dispose]();
  const tests = tested.map(({ job, outcome, file }) => ({ ...job, outcome, file }));
  return { experiment, source, rows, tests };
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

/** Disturbances of one repeat of a row. */
function drawsOf({ uniformDraws }: Preset, { method }: Row): number {
  return method === "uniform" ? uniformDraws : 1;
}

function jobsOf(
  { classes, shape }: Pick<GenomeSpec, "classes" | "shape">,
  found: ReadonlyMap<string, FoundDisturbance>,
  ...[{ preset, seed }, row, repeat]: Where
): RowJob[] {
  const seeds = repeatSeeds(seed, repeat);
  const label = labelOf(row, repeat);
  const search = found.get(label);
  const spec = { classes, shape, pixels: row.pixels ?? 1 };
  const disturbance = (draw: number): Disturbance => {
    if (search) return search.disturbance;
    if (row.method === "clean") return noDisturbance(spec);
    if (row.method === "leftmost") return leftmostDisturbance(spec);
    return uniformDisturbance(deriveSeed(seeds.uniform, draw), spec);
  };
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

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
