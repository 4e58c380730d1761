/**
 * What figure 3 shows, from the networks that were tested.
 *
 * @module
 */
import type { TestScores } from "../../actors/evaluator.ts";
import { type Experiment, setName } from "../experiment.ts";
import { type Claim, claimRows, claimTable, meanText } from "../claims.ts";
import { type CsvRow, figureId, type Finding, type Findings } from "../findings.ts";
import type { RepeatNetwork } from "../repeats.ts";
import { barFigure } from "../report/bar_figure.ts";
import type { TableOptions } from "../report/blocks.ts";
import { plural, settingsText, VERDICTS } from "../settings_text.ts";
import { meanAndDeviation } from "../statistics.ts";
import type { TestedNetwork } from "../study.ts";
import { percent } from "../table.ts";

type Test = TestedNetwork<RepeatNetwork>;

/** In the order that the paper's figure 3 has them in, from the highest accuracy down. */
export const OPTIMIZERS = ["sgd", "adabound", "adam", "rmsprop"] as const;
type OptimizerName = (typeof OPTIMIZERS)[number];

/** SGD is best, Adabound between, Adam and RMSProp worst. */
const CLAIMS: readonly (readonly [higher: OptimizerName, lower: OptimizerName])[] = [
  ["sgd", "adabound"],
  ["sgd", "adam"],
  ["sgd", "rmsprop"],
  ["adabound", "adam"],
  ["adabound", "rmsprop"],
];

const NAMES: Readonly<Record<OptimizerName, string>> = {
  sgd: "SGD",
  adabound: "Adabound",
  adam: "Adam",
  rmsprop: "RMSProp",
};

/** Accuracies that are measured, each of them for every optimizer. */
const QUANTITIES = {
  clean: { trainedOn: "clean", score: "testAccuracy" },
  disturbed: { trainedOn: "mddes", score: "testAccuracy" },
  fitted: { trainedOn: "mddes", score: "perturbedAccuracy" },
} as const satisfies Record<
  string,
  { trainedOn: RepeatNetwork["trainedOn"]; score: keyof TestScores }
>;
type Quantity = keyof typeof QUANTITIES;

/** An optimizer that is worse than the best one on clean images by more than this has not learned. */
const LEARNED = 0.05;
/** A network that has fallen for the pixels is right on nearly all of the disturbed images. */
const FITTED = 0.95;

/** An accuracy for each repeat, 0 to 1; `null` where the training failed. */
function valuesOf(
  tests: readonly Test[],
  dataset: string,
  optimizer: OptimizerName,
  quantity: Quantity,
): (number | null)[] {
  const { trainedOn, score } = QUANTITIES[quantity];
  return tests
    .filter(({ job }) => job.dataset === dataset && job.optimizer === optimizer)
    .filter(({ job }) => job.trainedOn === trainedOn)
    .toSorted((a, b) => a.job.repeat - b.job.repeat)
    .map(({ outcome }) => outcome.type === "TestScores" ? outcome[score] : null);
}

/** Put the findings together. */
export function figure3Findings(
  { preset, presetName, datasets, seed }: Pick<
    Experiment,
    "preset" | "presetName" | "datasets" | "seed"
  >,
  sources: readonly string[],
  tests: readonly Test[],
): Findings {
  return {
    title: `Figure 3: four optimizers, preset ${presetName}`,
    introduction: [
      `Networks are trained on images with an evolved disturbance of ${
        plural(preset.pixels[0]!, "pixel")
      }` +
      " for each class, and tested on clean test images. The optimizer is all that differs.",
    ],
    sections: [
      ...datasets.map((dataset) => datasetFinding(tests, dataset)),
      {
        title: "How it was made",
        content: [
          ...settingsText(preset, seed),
          VERDICTS,
          "The learning rates were chosen so that each optimizer trains well on clean images. They " +
          "matter: with another one, an optimizer falls for the pixels more, or less.",
          ...sources,
        ],
      },
    ],
  };
}

function datasetFinding(tests: readonly Test[], dataset: string): Finding {
  const network = tests.find(({ job }) => job.dataset === dataset)!.job.training.network;
  return {
    title: `${dataset}, ${network}`,
    content: [
      [accuracyFigure(tests, dataset)],
      accuracyTable(tests, dataset),
      ...caveats(tests, dataset),
      claimTable(
        "The paper's claims: accuracy on clean test images after training on disturbed ones, in points",
        claimsOf(tests, dataset),
      ),
    ],
  };
}

function accuracyFigure(tests: readonly Test[], dataset: string) {
  const groups = {
    disturbed: "trained on disturbed images",
    clean: "trained on clean images",
  };
  return barFigure({
    id: figureId("figure3", dataset),
    title: `Accuracy on clean test images of ${setName(dataset)}`,
    description:
      "Means over the repeats, for each optimizer: networks that were trained on images " +
      "with the evolved disturbance, and for comparison networks that were trained on clean ones. " +
      "The lines reach one standard deviation to both sides.",
    category: "optimizer",
    group: "trained_on",
    value: { column: "test_accuracy", label: "accuracy on clean test images, %" },
    width: 460,
    bars: OPTIMIZERS.flatMap((optimizer) =>
      (["disturbed", "clean"] as const).flatMap((quantity) => {
        const values = finished(valuesOf(tests, dataset, optimizer, quantity));
        if (values.length === 0) return [];
        const { mean, deviation } = meanAndDeviation(values);
        const ends = deviation === null
          ? {}
          : { low: 100 * (mean - deviation), high: 100 * (mean + deviation) };
        return [{
          category: NAMES[optimizer],
          group: groups[quantity],
          value: 100 * mean,
          ...ends,
        }];
      })
    ),
  });
}

function accuracyTable(tests: readonly Test[], dataset: string): TableOptions {
  return {
    caption:
      "Accuracy on clean test images in per cent, mean ± standard deviation over the repeats",
    columns: [
      "optimizer",
      "learning rate",
      "trained on clean images",
      "trained on disturbed ones",
      "difference",
      "on the disturbed training images",
    ],
    rows: OPTIMIZERS.map((optimizer) => {
      const { training } = tests.find(({ job }) =>
        job.dataset === dataset && job.optimizer === optimizer
      )!.job;
      const values = (quantity: Quantity) => valuesOf(tests, dataset, optimizer, quantity);
      const [clean, disturbed] = [values("clean"), values("disturbed")];
      const differences = clean.map((value, repeat) => {
        const other = disturbed[repeat] ?? null;
        return value === null || other === null ? null : value - other;
      });
      return [
        NAMES[optimizer],
        training.learningRate,
        meanText(clean),
        meanText(disturbed),
        meanText(differences),
        meanText(values("fitted")),
      ];
    }),
  };
}

/** What stands in the way of reading the numbers as robustness. */
function caveats(tests: readonly Test[], dataset: string): string[] {
  const mean = (optimizer: OptimizerName, quantity: Quantity): number | null => {
    const values = finished(valuesOf(tests, dataset, optimizer, quantity));
    return values.length === 0 ? null : meanAndDeviation(values).mean;
  };
  const cleans = OPTIMIZERS.map((optimizer) => mean(optimizer, "clean") ?? 0);
  const best = Math.max(...cleans);
  const slow = OPTIMIZERS.filter((_, index) => cleans[index]! < best - LEARNED);
  const unfitted = OPTIMIZERS.filter((optimizer) => (mean(optimizer, "fitted") ?? 0) < FITTED);
  return [
    "An optimizer that has not learned anything would look robust. So the table also has the same " +
    "training on clean images, and the accuracy on the disturbed training images themselves.",
    ...(slow.length === 0
      ? [
        `All four are within ${
          percent(LEARNED)
        } points of the best one when trained on clean images.`,
      ]
      : [
        `Trained on clean images, ${names(slow)} stayed more than ${
          percent(LEARNED)
        } points below ` +
        "the best one: part of its numbers is slow learning.",
      ]),
    ...(unfitted.length === 0 ? [] : [
      `${names(unfitted)} did not reach ${
        percent(FITTED)
      } % on the disturbed training images: the ` +
      "network has not quite fallen for the pixels, whatever its accuracy on clean ones.",
    ]),
  ];
}

function claimsOf(tests: readonly Test[], dataset: string): Claim[] {
  const values = (optimizer: OptimizerName) => valuesOf(tests, dataset, optimizer, "disturbed");
  return CLAIMS.map(([higher, lower]) => ({
    claim: `${NAMES[higher]} above ${NAMES[lower]}`,
    higher: values(higher),
    lower: values(lower),
  }));
}

/** `networks.csv` and `claims.csv`. */
export function figure3Tables(tests: readonly Test[]): Record<string, CsvRow[]> {
  const datasets = [...new Set(tests.map(({ job }) => job.dataset))];
  return {
    networks: tests.map(({ job, outcome, file }) => {
      const scores = outcome.type === "TestScores" ? outcome : undefined;
      return {
        dataset: job.dataset,
        network: job.training.network,
        optimizer: job.optimizer,
        learning_rate: job.training.learningRate,
        trained_on: job.trainedOn,
        repeat: job.repeat,
        seed: job.seed,
        test_accuracy: scores?.testAccuracy ?? null,
        test_loss: scores?.testLoss ?? null,
        perturbed_accuracy: scores?.perturbedAccuracy ?? null,
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        file,
      };
    }),
    claims: datasets.flatMap((dataset) => claimRows(dataset, claimsOf(tests, dataset))),
  };
}

function finished(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function names(optimizers: readonly OptimizerName[]): string {
  return optimizers.map((optimizer) => NAMES[optimizer]).join(", ");
}
