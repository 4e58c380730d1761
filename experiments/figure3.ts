/**
 * `figure3`: what the optimizer changes. Networks trained with four optimizers on images
 * with an evolved disturbance, and tested on clean ones.
 *
 * @module
 */
import type { Experiment } from "./study/experiment.ts";
import { figure3Findings } from "./figure3/findings.ts";
import { figure3Tables, OPTIMIZERS } from "./figure3/measurements.ts";
import { experimentMain, type ExperimentSpec, type Found } from "./findings/run_experiment.ts";
import { experimentLine } from "./study/experiment.ts";
import { type CommandLine, type Main, runCommand } from "./terminal/command.ts";
import { plural } from "./findings/settings_text.ts";
import {
  cleanOf,
  type RepeatNetwork,
  repeatNetwork,
  type RepeatSearch,
  repeatSearches,
  sourcesOf,
} from "./study/repeats.ts";

/** Search, train, and test. */
async function findOut(experiment: Experiment): Promise<Found> {
  const { study } = experiment;
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
  return { findings: figure3Findings(experiment, sources, tests), tables: figure3Tables(tests) };
}

function networksOf(search: RepeatSearch): Omit<RepeatNetwork, "disturbance">[] {
  return (["clean", "mddes"] as const).flatMap((trainedOn) =>
    OPTIMIZERS.map((optimizer) => repeatNetwork(search, trainedOn, { optimizer }))
  );
}

export const figure3: ExperimentSpec = {
  name: "figure3",
  summary: "The paper's figure 3: four optimizers on images with an evolved disturbance.",
  defaults: ({ figures: { figure3, repeats } }) => ({ datasets: figure3, repeats }),
  findOut,
};

export const commandLine: CommandLine = experimentLine(figure3);
export const main: Main = experimentMain(figure3);

if (import.meta.main) await runCommand(main);
