/**
 * `deno task figure3`: what the optimizer changes. Networks trained with four optimizers on images
 * with an evolved disturbance, and tested on clean ones.
 *
 * @module
 */
import { runCommand } from "./terminal/command.ts";
import { type Experiment, openExperiment } from "./study/experiment.ts";
import { figure3Findings } from "./figure3/findings.ts";
import { figure3Tables, OPTIMIZERS } from "./figure3/measurements.ts";
import { findingsText, writeFindings } from "./findings/findings.ts";
import { plural } from "./findings/settings_text.ts";
import {
  cleanOf,
  type RepeatNetwork,
  repeatNetwork,
  type RepeatSearch,
  repeatSearches,
  sourcesOf,
} from "./study/repeats.ts";

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
  const { study, directory } = experiment;
  const sources = await sourcesOf(experiment);
  const searches = await repeatSearches(experiment);
  const networks = searches.flatMap(networksOf);
  await study.plan({ searches, networks });
  study.print(
    `${sources.join("\n")}\n${
      plural(searches.length, "search", "searches")
    }, then ${networks.length} networks`,
  );
  const jobs: RepeatNetwork[] = [];
  for (const search of searches) {
    const found = await study.search(search);
    const clean = await cleanOf(experiment, search.preset.dataset);
    jobs.push(
      ...networksOf(search).map((network) => ({
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

function networksOf(search: RepeatSearch): Omit<RepeatNetwork, "disturbance">[] {
  return (["clean", "mddes"] as const).flatMap((trainedOn) =>
    OPTIMIZERS.map((optimizer) => repeatNetwork(search, trainedOn, optimizer))
  );
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
