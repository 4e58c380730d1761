/**
 * `deno task figure3`: what the optimizer changes. Networks trained with four optimizers on images
 * with an evolved disturbance, and tested on clean ones.
 *
 * @module
 */
import { noDisturbance } from "../datasets/mod.ts";
import { runCommand } from "./command.ts";
import {
  type Experiment,
  forDataset,
  openExperiment,
  presetSearch,
  presetSubset,
  repeatSeeds,
} from "./experiment.ts";
import { figure3Findings, figure3Tables, OPTIMIZERS } from "./figure3_findings.ts";
import { findingsText, writeFindings } from "./findings.ts";
import type { Preset } from "./presets/mod.ts";
import type { NetworkJob, StudySearch } from "./study.ts";
import { presetTraining } from "./training.ts";

/** A search that one repeat needs. */
interface RepeatSearch extends StudySearch {
  readonly preset: Preset;
  readonly repeat: number;
}

/** A network that one repeat needs. */
export interface Figure3Job extends NetworkJob {
  readonly optimizer: string;
  readonly trainedOn: "clean" | "mddes";
  readonly repeat: number;
}

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const experiment = await openExperiment(
    "figure3",
    "The paper's figure 3: four optimizers on images with an evolved disturbance.",
    args,
    signal,
    ({ figures: { figure3, repeats } }) => ({ datasets: figure3, repeats }),
  );
  if (!experiment) return;
  using _ = experiment.study;
  await figure3(experiment);
}

/** Search, train, test, and write what was found. */
export async function figure3(experiment: Experiment): Promise<void> {
  const { study, directory, datasets } = experiment;
  const sources: string[] = [];
  for (const dataset of datasets) {
    const { train, test } = await study.data(dataset);
    sources.push(train.source, test.source);
  }
  const searches = (await Promise.all(
    datasets.map((dataset) => searchesOf(experiment, dataset)),
  )).flat();
  const planned = searches.flatMap((search) => networksOf(experiment, search));
  await study.plan({ searches, networks: planned });
  study.print(
    `${sources.join("\n")}\n${searches.length} searches, then ${planned.length} networks`,
  );
  const jobs: Figure3Job[] = [];
  for (const search of searches) {
    const found = await study.search(search);
    const { train } = await study.data(search.preset.dataset);
    const clean = noDisturbance({
      classes: train.classNames.length,
      pixels: 1,
      shape: train.shape,
    });
    jobs.push(
      ...networksOf(experiment, search).map((network) => ({
        ...network,
        disturbance: network.trainedOn === "clean" ? clean : found.disturbance,
      })),
    );
  }
  const tests = await study.test(jobs);
  study[Symbol.dispose]();
  const findings = figure3Findings(experiment, sources, tests);
  writeFindings(directory, "figure3", findings, figure3Tables(tests));
  console.log(`\n${findingsText(findings)}\n\nFiles in ${directory}; begin with report.html`);
}

async function searchesOf(
  { preset, seed, study }: Experiment,
  dataset: string,
): Promise<RepeatSearch[]> {
  const { train } = await study.data(dataset);
  const own = forDataset(preset, dataset, train.shape);
  return Array.from({ length: preset.repeats }, (_, repeat) => ({
    preset: own,
    repeat,
    label: `${dataset}, repeat ${repeat + 1}`,
    method: "mddes",
    options: presetSearch(own, own.pixels[0]!, repeatSeeds(seed, repeat)),
  }));
}

/** The networks of a repeat, before its disturbance is known. */
function networksOf(
  { seed }: Experiment,
  { preset, repeat, label }: RepeatSearch,
): Omit<Figure3Job, "disturbance">[] {
  const seeds = repeatSeeds(seed, repeat);
  return (["clean", "mddes"] as const).flatMap((trainedOn) =>
    OPTIMIZERS.map((optimizer) => ({
      optimizer,
      trainedOn,
      repeat,
      label: `${label}, ${optimizer} on ${trainedOn === "clean" ? "clean" : "disturbed"} images`,
      dataset: preset.dataset,
      training: presetTraining(preset, preset.networks[0]!, { optimizer }),
      subset: presetSubset(preset, seeds),
      seed: seeds.training,
    }))
  );
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
