/**
 * `budget`: how much harm each method does for how many evaluations. Networks are trained, after the
 * search, on the best disturbance up to some of its generations.
 *
 * @module
 */
import { budgetFindings } from "./budget/findings.ts";
import { budgetTables, type MethodRepeat, type StepNetwork } from "./budget/measurements.ts";
import { experimentMain, type ExperimentSpec, type Found } from "./findings/run_experiment.ts";
import { plural } from "./findings/settings_text.ts";
import { PRESETS } from "./presets/mod.ts";
import { type Experiment, experimentLine } from "./study/experiment.ts";
import { accuracyOf, SEARCHED_METHODS } from "./study/methods.ts";
import { repeatNetwork, type RepeatSearch, repeatSearches, sourcesOf } from "./study/repeats.ts";
import { type BestSoFar, bestSoFar } from "./study/search_history.ts";
import type { TestedNetwork } from "./study/study.ts";
import { type CommandLine, type Main, runCommand } from "./terminal/command.ts";

/**
 * What is compared, in the order of the legend, and for which share of the budget: `class-wise`
 * learns fast and gained nothing after that on MNIST (docs/reproduction.md).
 */
const METHODS = { "random-search": 1, mddes: 1, "class-wise": 0.4 } as const;
const METHOD_NAMES = Object.keys(METHODS) as (keyof typeof METHODS)[];

/** A search, and its best candidate after so many evaluations. */
interface FoundSteps {
  readonly search: RepeatSearch;
  readonly directory: string;
  readonly steps: readonly (BestSoFar & { readonly evaluations: number })[];
}

async function findOut(experiment: Experiment): Promise<Found> {
  const { study, presetName } = experiment;
  const { generations, networks: networksEach } = PRESETS[presetName].budget;
  const stepsOf = (method: keyof typeof METHODS) =>
    generations.filter((after) => after <= METHODS[method] * generations.at(-1)!);
  const sources = await sourcesOf(experiment);
  const searches = (await repeatSearches(experiment)).flatMap((search) =>
    METHOD_NAMES.map((method) => ({
      ...search,
      method,
      label: `${search.label}, ${method}`,
      options: {
        ...search.options,
        ...SEARCHED_METHODS[method],
        generations: stepsOf(method).at(-1)!,
        finalistRepeats: 0,
      },
    }))
  );
  const networks = searches.map((search) => ({
    ...repeatNetwork(search, "mddes"),
    count: stepsOf(search.method).length * networksEach,
  }));
  await study.plan({ searches, networks });
  study.print(
    `${sources.join("\n")}\n${plural(searches.length, "search", "searches")}, then at most ` +
      plural(networks.reduce((sum, { count }) => sum + count, 0), "network"),
  );
  const found: FoundSteps[] = [];
  for (const search of searches) {
    const { directory } = await study.search(search);
    const { dataset, search: { population } } = search.preset;
    const { train: { classNames, shape } } = await study.data(dataset);
    const history = await bestSoFar(directory, { classes: classNames.length, shape });
    const steps = stepsOf(search.method).flatMap((generations) =>
      history.filter(({ generation }) => generation < generations).slice(-1)
        .map((best) => ({ ...best, evaluations: generations * population }))
    );
    found.push({ search, directory, steps });
  }
  const tests = await study.test(
    found.flatMap(({ search, steps }) =>
      steps.flatMap(({ disturbance, evaluations }) =>
        Array.from({ length: networksEach }, (_, number) => ({
          ...repeatNetwork(search, "mddes", { number }),
          disturbance,
          label: `${search.label}, best of ${evaluations}, network ${number + 1}`,
        }))
      )
    ),
  );
  const outcomes = tests.values();
  const repeats = found.map(({ search, directory, steps }): MethodRepeat => ({
    dataset: search.preset.dataset,
    method: search.method,
    repeat: search.repeat,
    directory,
    steps: steps.map(({ evaluations, fitness }) => ({
      evaluations,
      fitness,
      networks: Array.from({ length: networksEach }, () => networkOf(outcomes.next().value!)),
    })),
  }));
  return {
    findings: budgetFindings(experiment, sources, repeats, networksEach),
    tables: budgetTables(repeats),
  };
}

function networkOf({ outcome }: TestedNetwork): StepNetwork {
  return {
    accuracy: accuracyOf(outcome),
    failure: outcome.type === "TestFailed" ? outcome.reason : null,
  };
}

export const budget: ExperimentSpec = {
  name: "budget",
  summary: "How much harm evolved and drawn disturbances do, against the number of evaluations.",
  defaults: ({ dataset, repeats }) => ({ datasets: [dataset], repeats }),
  findOut,
};

export const commandLine: CommandLine = experimentLine(budget);
export const main: Main = experimentMain(budget);

if (import.meta.main) await runCommand(main);
