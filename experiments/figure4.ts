/**
 * `figure4`: loss and accuracy along the line between the weights that SGD and Adam end
 * with, and how sharp both ends are.
 *
 * @module
 */
import { ConfigurationError } from "../options.ts";
import type { Experiment } from "./study/experiment.ts";
import { figure4Findings } from "./figure4/findings.ts";
import { figure4Tables, type Pair } from "./figure4/measurements.ts";
import { DIRECTIONS, ENDS, pointsOf, SHARES } from "./figure4/points.ts";
import { experimentMain, type ExperimentSpec, type Found } from "./findings/run_experiment.ts";
import { experimentLine } from "./study/experiment.ts";
import { type CommandLine, type Main, runCommand } from "./terminal/command.ts";
import { plural } from "./findings/settings_text.ts";
import { landscape, landscapeCost, type LandscapeQuestion } from "./figure4/landscape.ts";
import { type RepeatNetwork, repeatNetwork, repeatSearches, sourcesOf } from "./study/repeats.ts";
import type { TestedNetwork } from "./study/study.ts";

/** A question, and where its answer belongs. */
interface Place {
  /** Which pair of networks. */
  readonly pair: number;
  readonly question: LandscapeQuestion;
}

/** Search, train, and measure. */
async function findOut(experiment: Experiment): Promise<Found> {
  const { study } = experiment;
  const sources = await sourcesOf(experiment);
  const searches = await repeatSearches(experiment);
  const networks = searches.flatMap((search) =>
    ENDS.map((optimizer) => ({ ...repeatNetwork(search, "mddes", { optimizer }), weights: true }))
  );
  let questionCost = 0;
  for (const network of networks) {
    const data = await study.data(network.dataset);
    questionCost += SHARES.length / 2 * landscapeCost({ ...network, images: "both" }, data) +
      2 * DIRECTIONS * landscapeCost({ ...network, images: "train" }, data);
  }
  await study.plan({ searches, networks, questionCost });
  const measured = `${SHARES.length} points on the line and ${4 * DIRECTIONS} around its ends`;
  study.print(
    `${sources.join("\n")}\n${
      plural(searches.length, "search", "searches")
    }, ${networks.length} networks, and for ` +
      `each pair of them ${measured}`,
  );
  const jobs: RepeatNetwork[] = [];
  for (const [index, search] of searches.entries()) {
    const { disturbance } = await study.search(search);
    jobs.push(...networks.slice(2 * index, 2 * index + 2).map((job) => ({ ...job, disturbance })));
  }
  const tests = await study.test(jobs);
  const places = searches.flatMap((_, pair) =>
    pointsOf(tests[2 * pair]!, tests[2 * pair + 1]!).map((question) => ({ pair, question }))
  );
  const pairs = await measure(experiment, places, tests);
  return { findings: figure4Findings(experiment, sources, pairs), tables: figure4Tables(pairs) };
}

/** Ask, and put the answers where they belong. */
async function measure(
  { study }: Experiment,
  places: readonly Place[],
  tests: readonly TestedNetwork<RepeatNetwork>[],
): Promise<Pair[]> {
  const scores = await study.ask(landscape, places.map(({ question }) => question));
  const answered = places.map((place, index) => ({ ...place, scores: scores[index]! }));
  const pairs = [...Map.groupBy(answered, ({ pair }) => pair)].map(([pair, own]): Pair => {
    const onLine = own.filter(({ question }) => question.step === null);
    const [sgd, adam] = [tests[2 * pair]!.job, tests[2 * pair + 1]!.job];
    return {
      dataset: sgd.dataset,
      repeat: sgd.repeat,
      networks: { sgd, adam },
      line: onLine.map(({ question, scores }) => ({
        share: question.shares[1]!,
        train: scores.train,
        test: scores.test!,
      })),
      steps: own.flatMap(({ question: { step, weights }, scores }) => {
        if (!step) return [];
        const end = weights[0] === tests[2 * pair]!.weights ? "sgd" : "adam";
        return [{ end, ...step, loss: scores.train.loss } as const];
      }),
    };
  });
  if (pairs.length > 0) return pairs;
  throw new ConfigurationError("Cannot draw figure 4: no pair of networks could be trained");
}

export const figure4: ExperimentSpec = {
  name: "figure4",
  summary:
    "The paper's figure 4: between the weights of SGD and Adam, and how sharp both ends are.",
  defaults: ({ figures: { figure4, repeats } }) => ({ datasets: figure4, repeats }),
  findOut,
};

export const commandLine: CommandLine = experimentLine(figure4);
export const main: Main = experimentMain(figure4);

if (import.meta.main) await runCommand(main);
