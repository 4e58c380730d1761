/**
 * What all experiments do alike: read the command line, find out, write, and say it.
 *
 * @module
 */
import type { ExperimentPreset } from "../presets/preset.ts";
import type { CommandName } from "../../commands.ts";
import type { Main } from "../terminal/command.ts";
import {
  type Experiment,
  type ExperimentDefaults,
  experimentLine,
  openExperiment,
} from "../study/experiment.ts";
import { type CsvRow, type Findings, findingsText, writeFindings } from "./findings.ts";

/** What came out of an experiment. */
export interface Found {
  readonly findings: Findings;
  /** CSV files by their names, such as `networks`. */
  readonly tables: Readonly<Record<string, readonly CsvRow[]>>;
}

/** An experiment: one file of `experiments/`. */
export interface ExperimentSpec {
  /** Of its command, its folder and its page. */
  readonly name: CommandName;
  /** What `--help` says of it. */
  readonly summary: string;
  /** Of one that takes several sets. Default: the preset's set and repeats. */
  readonly defaults?: (preset: ExperimentPreset) => ExperimentDefaults;
  /** Plans what is needed, has the study search and train what is not there yet, and looks at it. */
  readonly findOut: (experiment: Experiment) => Promise<Found>;
}

/** Find out, write it into the experiment's folder, and print it. The study is then over. */
export async function conduct(spec: ExperimentSpec, experiment: Experiment): Promise<void> {
  using study = experiment.study;
  const { findings, tables } = await spec.findOut(experiment);
  study[Symbol.dispose]();
  const { directory } = experiment;
  writeFindings(directory, spec.name, findings, tables);
  console.log(`\n${findingsText(findings)}\n\nFiles in ${directory}; begin with report.html`);
}

/** What the command of an experiment does. */
export function experimentMain(spec: ExperimentSpec): Main {
  return async (args, signal) => {
    const experiment = await openExperiment(experimentLine(spec), args, signal, spec.defaults);
    if (experiment) await conduct(spec, experiment);
  };
}
