/**
 * What figure 3 shows, from the networks that were tested.
 *
 * @module
 */
import { type Experiment, setName } from "../study/experiment.ts";
import { claimTable, meanText } from "../findings/claims.ts";
import { figureId, type Finding, type Findings } from "../findings/findings.ts";
import { barFigure } from "../../report/figures/bar_figure.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { plural, settingsText, VERDICTS } from "../findings/settings_text.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { percent } from "../../report/numbers.ts";
import {
  claimsOf,
  meanOf,
  NAMES,
  type OptimizerName,
  OPTIMIZERS,
  type Quantity,
  type Test,
  valuesOf,
} from "./measurements.ts";

/** An optimizer that is worse than the best one on clean images by more than this has not learned. */
const LEARNED = 0.05;
/** A network that has fallen for the pixels is right on nearly all of the disturbed images. */
const FITTED = 0.95;

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
      "Networks are trained on images with an evolved disturbance of " +
      `${
        plural(preset.pixels[0]!, "pixel")
      } for each class, and tested on clean test images. The ` +
      "optimizer is all that differs.",
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
    title: `${setName(dataset)}, ${network}`,
    content: [
      ...accuracyFigures(tests, dataset),
      accuracyTable(tests, dataset),
      ...caveats(tests, dataset),
      claimTable(
        "The paper's claims: accuracy on clean test images after training on disturbed ones, in points",
        claimsOf(tests, dataset),
      ),
    ],
  };
}

/** Nothing if every training failed. */
function accuracyFigures(tests: readonly Test[], dataset: string): Figure[][] {
  const groups = {
    disturbed: "trained on disturbed images",
    clean: "trained on clean images",
  };
  const bars = OPTIMIZERS.flatMap((optimizer) =>
    (["disturbed", "clean"] as const).flatMap((quantity) => {
      const values = valuesOf(tests, dataset, optimizer, quantity)
        .filter((value) => value !== null);
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
  );
  if (bars.length === 0) return [];
  return [[barFigure({
    id: figureId("figure3", dataset),
    title: `Accuracy on clean test images of ${setName(dataset)}`,
    description:
      "Means over the repeats, for each optimizer: networks that were trained on images " +
      "with the evolved disturbance, and for comparison networks that were trained on clean ones. " +
      "The lines reach one standard deviation to both sides.",
    category: "optimizer",
    group: "trained_on",
    value: { column: "test_accuracy", label: "accuracy on clean test images, %" },
    bars,
  })]];
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
  const mean = (optimizer: OptimizerName, quantity: Quantity) =>
    meanOf(tests, dataset, optimizer, quantity);
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

function names(optimizers: readonly OptimizerName[]): string {
  return optimizers.map((optimizer) => NAMES[optimizer]).join(", ");
}
