/**
 * `figure2`: the disturbed images, where networks look that were trained on them, and how
 * the error on clean test images grows over the generations of the search.
 *
 * @module
 */
import {
  attention,
  attentionCost,
  type AttentionQuestion,
  BACKGROUND,
  IMAGES_PER_CLASS,
} from "./figure2/attention.ts";
import { type Experiment, experimentLine, repeatSeeds } from "./study/experiment.ts";
import { figure2Findings } from "./figure2/findings.ts";
import { type Attention, figure2Tables, type Repeat, VIEWS } from "./figure2/measurements.ts";
import { experimentMain, type ExperimentSpec, type Found } from "./findings/run_experiment.ts";
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
import { type BestSoFar, bestSoFar } from "./study/search_history.ts";
import type { FoundDisturbance, TestedNetwork } from "./study/study.ts";

/** A search that is done. */
interface DoneSearch {
  readonly search: RepeatSearch;
  readonly found: FoundDisturbance;
  readonly history: readonly BestSoFar[];
}

/** Search, train, test, and look. */
async function findOut(experiment: Experiment): Promise<Found> {
  const { study } = experiment;
  const sources = await sourcesOf(experiment);
  const searches = await repeatSearches(experiment);
  let questionCost = 0;
  const networks: Omit<RepeatNetwork, "disturbance">[] = [];
  for (const search of searches) {
    const images = { imagesPerClass: IMAGES_PER_CLASS, ...repeatNetwork(search, "mddes") };
    questionCost += VIEWS.length * attentionCost(images, await study.data(images.dataset));
    networks.push(
      repeatNetwork(search, "clean"),
      ...Array.from(
        { length: 1 + search.preset.search.generations },
        () => repeatNetwork(search, "mddes"),
      ),
    );
  }
  await study.plan({ searches, networks, questionCost });
  study.print(
    `${sources.join("\n")}\n${
      plural(searches.length, "search", "searches")
    }, then at most ${networks.length} networks`,
  );
  const done: DoneSearch[] = [];
  for (const search of searches) {
    const found = await study.search(search);
    const { train } = await study.data(search.preset.dataset);
    const images = { classes: train.classNames.length, shape: train.shape };
    done.push({ search, found, history: await bestSoFar(found.directory, images) });
  }
  const jobs: RepeatNetwork[] = [];
  for (const { search, found: { disturbance }, history } of done) {
    const clean = await cleanOf(experiment, search.preset.dataset);
    const trained = repeatNetwork(search, "mddes");
    jobs.push(
      { ...repeatNetwork(search, "clean"), disturbance: clean, weights: true },
      { ...trained, disturbance, weights: true },
      ...history.map(({ generation, disturbance }) => ({
        ...trained,
        disturbance,
        label: `${search.label}, best up to generation ${generation + 1}`,
      })),
    );
  }
  const tests = await study.test(jobs);
  const repeats: Repeat[] = [];
  let at = 0;
  for (const { search, found, history } of done) {
    const [clean, mddes, ...best] = tests.slice(at, at += 2 + history.length);
    repeats.push({
      dataset: search.preset.dataset,
      repeat: search.repeat,
      ...found,
      clean: clean!,
      mddes: mddes!,
      attention: await look(experiment, clean!, mddes!),
      history: history.map((entry, i) => ({ ...entry, outcome: best[i]!.outcome })),
    });
  }
  const data = new Map(
    await Promise.all(
      experiment.datasets.map(async (dataset) => [dataset, await study.data(dataset)] as const),
    ),
  );
  return {
    findings: figure2Findings(experiment, sources, repeats, data),
    tables: figure2Tables(repeats),
  };
}

/** Where the networks of a repeat look. */
async function look(
  { study, seed }: Experiment,
  clean: TestedNetwork<RepeatNetwork>,
  mddes: TestedNetwork<RepeatNetwork>,
): Promise<Attention> {
  const { train } = await study.data(clean.job.dataset);
  const questions = VIEWS.flatMap((view): AttentionQuestion[] => {
    const { job, weights } = view.trainedOn === "clean" ? clean : mddes;
    if (weights === undefined) return [];
    return [{
      type: "GradCam",
      dataset: job.dataset,
      weights: [weights],
      training: job.training,
      imagesPerClass: IMAGES_PER_CLASS,
      disturbance: view.shown === "clean" ? null : mddes.job.disturbance,
      seed: repeatSeeds(seed, job.repeat).subset,
      background: train.shape[0] === 1 ? BACKGROUND : null,
    }];
  });
  const answers = await study.ask(attention, questions);
  return new Map(
    VIEWS.filter(({ trainedOn }) => (trainedOn === "clean" ? clean : mddes).weights !== undefined)
      .map((view, index) => [view, answers[index]!]),
  );
}

export const figure2: ExperimentSpec = {
  name: "figure2",
  summary:
    "The paper's figure 2: disturbed images, where networks look, and the error over generations.",
  defaults: ({ figures: { figure2, repeats } }) => ({ datasets: figure2, repeats }),
  findOut,
};

export const commandLine: CommandLine = experimentLine(figure2);
export const main: Main = experimentMain(figure2);

if (import.meta.main) await runCommand(main);
