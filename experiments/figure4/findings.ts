/**
 * What figure 4 shows, from the points that were measured.
 *
 * @module
 */
import { claimTable, meanText } from "../findings/claims.ts";
import { type Experiment, setName } from "../study/experiment.ts";
import { figureId, type Finding, type Findings } from "../findings/findings.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { lineFigure, type LinePoint } from "../../report/figures/line_figure.ts";
import { plural, settingsText, VERDICTS } from "../findings/settings_text.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { STATISTICS_BATCHES } from "./landscape.ts";
import {
  AT,
  claimsOf,
  type End,
  type Pair,
  QUANTITIES,
  type Quantity,
  sharpness,
  short,
  valueAt,
} from "./measurements.ts";
import { DIRECTIONS, ENDS, RADIUS, SHARES } from "./points.ts";

const NAMES: Readonly<Record<End, string>> = { sgd: "SGD", adam: "Adam" };
/** Put the findings together. */
export function figure4Findings(
  { preset, presetName, seed, datasets }: Pick<
    Experiment,
    "preset" | "presetName" | "seed" | "datasets"
  >,
  sources: readonly string[],
  pairs: readonly Pair[],
): Findings {
  return {
    title: `Figure 4: between SGD and Adam, preset ${presetName}`,
    introduction: [
      "Two networks are trained from the same initial weights on the same images with an evolved " +
      `disturbance of ${plural(preset.pixels[0]!, "pixel")} for each class: one with SGD, one ` +
      "with Adam. Networks on the line through both have the weights a w_Adam + (1 - a) w_SGD: " +
      "a = 0 is SGD's end, a = 1 is Adam's.",
    ],
    sections: [
      ...datasets.map((dataset) =>
        datasetFinding(dataset, pairs.filter((pair) => pair.dataset === dataset), preset.repeats)
      ),
      {
        title: "How it was made",
        content: [
          `The line has ${SHARES.length} points from a = ${SHARES[0]} to a = ${SHARES.at(-1)}: ` +
          "beyond both ends, so that their surroundings are seen, too.",
          "The training loss is that on the disturbed training images, which the networks " +
          "minimise; the test loss is that on all clean test images.",
          "Where a network has batch normalisation, its statistics are computed anew at every " +
          `point, from at most ${STATISTICS_BATCHES} batches of disturbed training images: those of ` +
          "the ends say nothing about the points between.",
          "Sharpness is the mean increase of the training loss by a step off an end, in nats. The " +
          `steps go along ${DIRECTIONS} random directions, to both sides, and are normalised filter ` +
          `by filter: each filter is moved by ${RADIUS} times its own length (Li et al. 2018, arXiv ` +
          "1712.09913, section 4). Without that, weights that are merely larger look flatter. Both " +
          "ends of a repeat take the same directions.",
          ...settingsText(preset, seed),
          VERDICTS,
          ...sources,
        ],
      },
    ],
  };
}

function datasetFinding(dataset: string, pairs: readonly Pair[], repeats: number): Finding {
  if (pairs.length === 0) {
    return { title: dataset, content: ["No pair of networks could be trained."] };
  }
  const missing = repeats - pairs.length;
  return {
    title: `${setName(dataset)}, ${pairs[0]!.networks.sgd.training.network}`,
    content: [
      ...(missing === 0 ? [] : [`${plural(missing, "repeat")} left out: a training failed there.`]),
      [
        lineOf(dataset, pairs, "loss", "cross-entropy, nats"),
        lineOf(dataset, pairs, "accuracy", "accuracy, %"),
      ],
      endTable(pairs),
      claimTable("The paper's claims about the two ends", claimsOf(pairs)),
    ],
  };
}

function lineOf(
  dataset: string,
  pairs: readonly Pair[],
  score: "loss" | "accuracy",
  label: string,
): Figure {
  const quantities = ([`train_${score}`, `test_${score}`] as const).map((quantity) => ({
    name: QUANTITIES[quantity].name,
    points: SHARES.map((share) => pointOf(pairs, share, quantity, score === "loss" ? 1 : 100)),
  }));
  const lowest = Math.min(
    ...quantities.flatMap(({ points }) => points.map(({ y, low }) => low ?? y)),
  );
  return lineFigure({
    id: figureId(`figure4-${score}`, dataset),
    title: `${score === "loss" ? "Loss" : "Accuracy"} between SGD and Adam on ${setName(dataset)}`,
    description: `Mean ${score} over the repeats of networks with a times the weights of Adam's ` +
      "network and 1 - a times those of SGD's, on the disturbed training images and on the clean " +
      "test images. The bands reach from the lowest repeat to the highest one.",
    x: { column: "a", label: "a: SGD at 0, Adam at 1" },
    y: score === "loss"
      ? { column: score, label, log: lowest > 0 }
      : { column: score, label, domain: [0, 100] },
    series: quantities,
  });
}

function pointOf(
  pairs: readonly Pair[],
  share: number,
  quantity: Quantity,
  factor: number,
): LinePoint {
  const values = pairs.map((pair) => factor * valueAt(pair, share, quantity));
  const { mean } = meanAndDeviation(values);
  if (values.length < 2) return { x: share, y: mean };
  return { x: share, y: mean, low: Math.min(...values), high: Math.max(...values) };
}

function endTable(pairs: readonly Pair[]): TableOptions {
  return {
    caption: "The two ends, mean ± standard deviation over the repeats",
    columns: [
      "end",
      "learning rate",
      "training loss",
      "test loss",
      "training accuracy, %",
      "test accuracy, %",
      "sharpness",
    ],
    rows: ENDS.map((end) => {
      const values = (quantity: Quantity) => pairs.map((pair) => valueAt(pair, AT[end], quantity));
      return [
        `${NAMES[end]}, a = ${AT[end]}`,
        pairs[0]!.networks[end].training.learningRate,
        meanText(values("train_loss"), short),
        meanText(values("test_loss"), short),
        meanText(values("train_accuracy")),
        meanText(values("test_accuracy")),
        meanText(pairs.map((pair) => sharpness(pair, end)), short),
      ];
    }),
  };
}
