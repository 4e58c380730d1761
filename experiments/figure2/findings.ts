/**
 * What figure 2 shows, from the searches and the networks.
 *
 * @module
 */
import { accuracyOf } from "../study/methods.ts";
import { claimTable, meanText } from "../findings/claims.ts";
import type { Data } from "../study/data.ts";
import { type Experiment, setName } from "../study/experiment.ts";
import { figureId, type Finding, type Findings } from "../findings/findings.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { lineFigure } from "../../report/figures/line_figure.ts";
import { plural, settingsText, VERDICTS } from "../findings/settings_text.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { BACKGROUND, IMAGES_PER_CLASS } from "./attention.ts";
import {
  claimsOf,
  emptyMaps,
  errorAt,
  generationsOf,
  isBackgroundDefined,
  onBackground,
  type Repeat,
  VIEWS,
} from "./measurements.ts";
import { attentionFigure, imagesFigure } from "./pictures.ts";

/** Put the findings together. */
export function figure2Findings(
  { preset, presetName, seed, datasets }: Pick<
    Experiment,
    "preset" | "presetName" | "seed" | "datasets"
  >,
  sources: readonly string[],
  repeats: readonly Repeat[],
  data: ReadonlyMap<string, Data>,
): Findings {
  return {
    title: `Figure 2: what is evolved and what it does, preset ${presetName}`,
    introduction: [
      `A search evolves a disturbance of ${plural(preset.pixels[0]!, "pixel")} for each class. ` +
      "Networks are trained on images with it, and tested on clean test images.",
    ],
    sections: [
      ...datasets.map((dataset) =>
        datasetFinding(
          dataset,
          repeats.filter((repeat) => repeat.dataset === dataset),
          data.get(dataset)!,
        )
      ),
      {
        title: "How it was made",
        content: [
          "Where a network looks: Grad-CAM of the last convolution for the true class (Selvaraju et " +
          `al. 2017, arXiv 1610.02391), for ${IMAGES_PER_CLASS} test images of each class, or all ` +
          "that there are. They are shown clean, and to the network that was trained on disturbed " +
          "images also with the disturbance, which it has learned to look for. Each map is scaled to a maximum of 1 before the mean is taken, and " +
          "the mean is brought to the size of an image bilinearly.",
          `Background: the pixels of a clean test image that are at most ${BACKGROUND}, of 1. The ` +
          "share on it is that of the map's sum, for each image by itself, and then the mean over " +
          "images, classes alike. It is only defined for grey images, which are black around what " +
          "they show.",
          "Error over generations: after the search, the best candidate up to each generation is " +
          "read from the journal, by the fitness that the search saw; a network is trained on " +
          "images with it and tested. The search itself never sees a test image. All networks of a " +
          "repeat start from the same weights.",
          ...settingsText(preset, seed),
          VERDICTS,
          ...sources,
        ],
      },
    ],
  };
}

function datasetFinding(dataset: string, repeats: readonly Repeat[], data: Data): Finding {
  const first = repeats[0]!;
  return {
    title: `${setName(dataset)}, ${first.clean.job.training.network}`,
    content: [
      [imagesFigure(data.train, first.disturbance, dataset)],
      ...(first.attention.size === VIEWS.length
        ? [[attentionFigure(first.attention, data.test, first.disturbance, dataset)]]
        : ["There are no attention maps of the first repeat: a training failed."]),
      networkTable(repeats),
      ...(isBackgroundDefined(repeats)
        ? []
        : ["The share on the background is not defined for these images."]),
      ...errorFigures(dataset, repeats),
      claimTable("The paper's claims, in points", claimsOf(repeats)),
    ],
  };
}

const IMAGES = { clean: "clean images", mddes: "disturbed images" } as const;

function networkTable(repeats: readonly Repeat[]): TableOptions {
  const isDefined = isBackgroundDefined(repeats);
  return {
    caption: "Networks, mean ± standard deviation over the repeats, in per cent",
    columns: [
      "trained on",
      "shown",
      "accuracy on clean test images",
      ...(isDefined ? ["attention on the background", "background of the images"] : []),
      "maps without attention",
    ],
    rows: VIEWS.map((view) => [
      IMAGES[view.trainedOn],
      IMAGES[view.shown],
      meanText(repeats.map((repeat) => accuracyOf(repeat[view.trainedOn].outcome))),
      ...(isDefined
        ? [
          meanText(repeats.map((repeat) => onBackground(repeat, view))),
          meanText(repeats.map((repeat) => onBackground(repeat, view, "background"))),
        ]
        : []),
      meanText(repeats.map((repeat) => emptyMaps(repeat, view))),
    ]),
  };
}

/** Nothing if every training failed. */
function errorFigures(dataset: string, repeats: readonly Repeat[]): Figure[][] {
  const generations = generationsOf(repeats);
  const mean = generations.flatMap((generation) => {
    const errors = repeats.flatMap((repeat) => errorAt(repeat, generation) ?? []);
    if (errors.length === 0) return [];
    const { mean, deviation } = meanAndDeviation(errors);
    const spread = deviation === null
      ? {}
      : { low: 100 * Math.max(0, mean - deviation), high: 100 * (mean + deviation) };
    return [{ x: generation + 1, y: 100 * mean, ...spread }];
  });
  if (mean.length === 0) return [];
  const own = repeats.map((repeat) => ({
    name: `repeat ${repeat.repeat + 1}`,
    legend: "each repeat",
    style: "faint" as const,
    points: generations.flatMap((generation) => {
      const error = errorAt(repeat, generation);
      return error === null ? [] : [{ x: generation + 1, y: 100 * error }];
    }),
  }));
  const clean = repeats.flatMap((repeat) => accuracyOf(repeat.clean.outcome) ?? []);
  const cleanError = clean.length === 0 ? [] : [{
    name: "trained on clean images",
    points: mean.map(({ x }) => ({ x, y: 100 * (1 - meanAndDeviation(clean).mean) })),
  }];
  return [[lineFigure({
    id: figureId("figure2-error", dataset),
    title: `Error on clean test images of ${setName(dataset)} over the generations`,
    description: "Error of networks that were trained on images with the best disturbance up to " +
      "each generation: each repeat, and the mean with a band of one standard deviation to both " +
      "sides. The error of networks that were trained on clean images is there for comparison.",
    x: { column: "generations", label: "generations of the search", integer: true },
    y: { column: "test_error", label: "error on clean test images, %" },
    series: [{ name: "mean", style: "bold", points: mean }, ...own, ...cleanError],
  })]];
}
