/**
 * What the budgets show, from the searches and the networks.
 *
 * @module
 */
import { claimTable, meanText } from "../findings/claims.ts";
import { figureId, type Finding, type Findings } from "../findings/findings.ts";
import { plural, settingsText, VERDICTS } from "../findings/settings_text.ts";
import { lineFigure, type LinePoint } from "../../report/figures/line_figure.ts";
import type { Figure } from "../../report/figures/figure.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import { type Experiment, setName } from "../study/experiment.ts";
import { summaryOf } from "../study/statistics.ts";
import { accuraciesAt, budgetsOf, claimsOf, type MethodRepeat, methodsOf } from "./measurements.ts";

/**
 * Put the findings together.
 *
 * @param networks Of each disturbance.
 */
export function budgetFindings(
  { preset, presetName, seed, datasets }: Pick<
    Experiment,
    "preset" | "presetName" | "seed" | "datasets"
  >,
  sources: readonly string[],
  repeats: readonly MethodRepeat[],
  networks: number,
): Findings {
  const generations = Math.max(...budgetsOf(repeats)) / preset.search.population;
  const search = { ...preset.search, generations };
  return {
    title: `Budget: harm against evaluations, preset ${presetName}`,
    introduction: [
      `Searches for ${plural(preset.pixels[0]!, "pixel")} for each class, and what the best ` +
      `candidate does after so many evaluations to ${plural(networks, "network")}, trained on ` +
      "images with it and tested on clean ones. random-search draws every candidate from the " +
      "first distribution; mddes learns with one CMA-ES; class-wise learns with one for each " +
      "class, and is ended earlier.",
    ],
    sections: [
      ...datasets.map((dataset) =>
        datasetFinding(dataset, repeats.filter((repeat) => repeat.dataset === dataset))
      ),
      {
        title: "How it was made",
        content: [
          "After the search, the best candidate of the first evaluations is read from the journal, " +
          "by the fitness that the search saw. It is not trained again before it is chosen, in " +
          "contrast to the winner of a search. Each evaluation trains on as many images.",
          ...settingsText({ ...preset, search }, seed),
          ...(networks === 1 ? [] : [
            `The ${networks} networks of a disturbance are an exception: they differ in their ` +
            "first weights and in the order of the images, and their mean counts as one value.",
          ]),
          VERDICTS,
          ...sources,
        ],
      },
    ],
  };
}

/** What is found on one set of images. */
export function datasetFinding(dataset: string, repeats: readonly MethodRepeat[]): Finding {
  return {
    title: setName(dataset),
    content: [
      ...accuracyFigure(dataset, repeats),
      accuracyTable(repeats),
      claimTable(
        "Whether learning beats drawing, and class by class does it sooner, in points",
        claimsOf(repeats),
      ),
    ],
  };
}

function accuracyTable(repeats: readonly MethodRepeat[]): TableOptions {
  const methods = methodsOf(repeats);
  return {
    caption: "Accuracy on clean test images in per cent, mean ± standard deviation",
    columns: ["evaluations", ...methods],
    rows: budgetsOf(repeats).map((evaluations) => [
      evaluations,
      ...methods.map((method) =>
        budgetsOf(repeats, method).includes(evaluations)
          ? meanText(accuraciesAt(repeats, method, evaluations))
          : null
      ),
    ]),
  };
}

/** Nothing if every training failed. */
function accuracyFigure(dataset: string, repeats: readonly MethodRepeat[]): Figure[][] {
  const series = methodsOf(repeats).map((method) => ({
    name: method,
    points: budgetsOf(repeats, method).flatMap((evaluations): LinePoint[] => {
      const { mean, deviation } = summaryOf(accuraciesAt(repeats, method, evaluations));
      if (mean === null) return [];
      const spread = deviation === null
        ? {}
        : { low: 100 * Math.max(0, mean - deviation), high: 100 * Math.min(1, mean + deviation) };
      return [{ x: evaluations, y: 100 * mean, ...spread }];
    }),
  })).filter(({ points }) => points.length > 0);
  if (series.length === 0) return [];
  return [[lineFigure({
    id: figureId("budget", dataset),
    title: `Accuracy on clean test images of ${setName(dataset)} against the evaluations`,
    description: "Means over the repeats, with a band of one standard deviation to both sides.",
    x: { column: "evaluations", label: "evaluations of the search", log: true },
    y: { column: "test_accuracy", label: "accuracy on clean test images, %" },
    series,
  })]];
}
