/**
 * What figure 2 shows, from the searches and the networks.
 *
 * @module
 */
import type { TestOutcome } from "../../actors/evaluator.ts";
import { type AttentionMaps, BACKGROUND, IMAGES_PER_CLASS } from "./attention.ts";
import { type Claim, claimRows, claimTable, meanText } from "../claims.ts";
import type { Data } from "../data.ts";
import { type Experiment, setName } from "../experiment.ts";
import { attentionFigure, imagesFigure } from "./pictures.ts";
import { type CsvRow, figureId, type Finding, type Findings } from "../findings.ts";
import type { RepeatNetwork } from "../repeats.ts";
import type { TableOptions } from "../report/blocks.ts";
import type { Figure } from "../report/figure.ts";
import { lineFigure } from "../report/line_figure.ts";
import type { BestSoFar } from "./search_history.ts";
import { plural, settingsText, VERDICTS } from "../settings_text.ts";
import { meanAndDeviation } from "../statistics.ts";
import type { FoundDisturbance, TestedNetwork } from "../study.ts";

/** A network and where it looks; `null` if its training failed. */
export interface LookingNetwork extends TestedNetwork<RepeatNetwork> {
  readonly maps: AttentionMaps | null;
}

/** One repeat: a search, and networks that were trained on what it found. */
export interface Repeat extends FoundDisturbance {
  readonly dataset: string;
  readonly repeat: number;
  /** Trained on clean images. */
  readonly clean: LookingNetwork;
  /** Trained on images with the winner. */
  readonly mddes: LookingNetwork;
  /** Trained on images with the best candidate up to each generation. */
  readonly history: readonly (BestSoFar & { readonly outcome: TestOutcome })[];
}

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
          `al. 2017, arXiv 1610.02391), for ${IMAGES_PER_CLASS} clean test images of each class, or ` +
          "all that there are. Each map is scaled to a maximum of 1 before the mean is taken, and " +
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
  const { clean, mddes } = first;
  return {
    title: `${dataset}, ${clean.job.training.network}`,
    content: [
      [imagesFigure(data.train, first.disturbance, dataset)],
      ...(clean.maps && mddes.maps
        ? [[attentionFigure(clean.maps, mddes.maps, data.test, first.disturbance, dataset)]]
        : ["There are no attention maps of the first repeat: a training failed."]),
      networkTable(repeats),
      ...(isBackgroundDefined(repeats)
        ? []
        : ["The share on the background is not defined for these images."]),
      [errorFigure(dataset, repeats)],
      claimTable("The paper's claims, in points", claimsOf(repeats)),
    ],
  };
}

function isBackgroundDefined(repeats: readonly Repeat[]): boolean {
  return repeats.some(({ clean }) => clean.maps?.classes.some((own) => own.background !== null));
}

/** Share of the maps on the background, the mean over classes; `null` where there is none. */
function onBackground(
  { maps }: LookingNetwork,
  what: "onBackground" | "background" = "onBackground",
): number | null {
  const shares = (maps?.classes ?? []).flatMap((own) => own[what] ?? []);
  return shares.length === 0 ? null : meanAndDeviation(shares).mean;
}

function accuracy(outcome: TestOutcome): number | null {
  return outcome.type === "TestScores" ? outcome.testAccuracy : null;
}

function networkTable(repeats: readonly Repeat[]): TableOptions {
  const isDefined = isBackgroundDefined(repeats);
  return {
    caption: "Networks, mean ± standard deviation over the repeats, in per cent",
    columns: [
      "trained on",
      "accuracy on clean test images",
      ...(isDefined ? ["attention on the background", "background of the images"] : []),
      "maps without attention",
    ],
    rows: (["clean", "mddes"] as const).map((trainedOn) => {
      const networks = repeats.map((repeat) => repeat[trainedOn]);
      const empty = networks.map(({ maps }) => {
        if (!maps) return null;
        const sum = (what: "empty" | "images") =>
          maps.classes.reduce((total, own) => total + own[what], 0);
        return sum("empty") / sum("images");
      });
      return [
        trainedOn === "clean" ? "clean images" : "disturbed images",
        meanText(networks.map(({ outcome }) => accuracy(outcome))),
        ...(isDefined
          ? [
            meanText(networks.map((network) => onBackground(network))),
            meanText(networks.map((network) => onBackground(network, "background"))),
          ]
          : []),
        meanText(empty),
      ];
    }),
  };
}

/** The error, 0 to 1, of the network for the best candidate up to a generation. */
function errorAt({ history }: Repeat, generation: number): number | null {
  const entry = history.find((one) => one.generation === generation);
  const value = entry ? accuracy(entry.outcome) : null;
  return value === null ? null : 1 - value;
}

/** From the first generation that any repeat has to the last one. */
function generationsOf(repeats: readonly Repeat[]): number[] {
  return [...new Set(repeats.flatMap(({ history }) => history.map((one) => one.generation)))]
    .sort((a, b) => a - b);
}

function errorFigure(dataset: string, repeats: readonly Repeat[]): Figure {
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
  const own = repeats.map((repeat) => ({
    name: `repeat ${repeat.repeat + 1}`,
    legend: "each repeat",
    style: "faint" as const,
    points: generations.flatMap((generation) => {
      const error = errorAt(repeat, generation);
      return error === null ? [] : [{ x: generation + 1, y: 100 * error }];
    }),
  }));
  const clean = repeats.flatMap((repeat) => accuracy(repeat.clean.outcome) ?? []);
  const cleanError = clean.length === 0 ? [] : [{
    name: "trained on clean images",
    points: mean.map(({ x }) => ({ x, y: 100 * (1 - meanAndDeviation(clean).mean) })),
  }];
  return lineFigure({
    id: figureId("figure2-error", dataset),
    title: `Error on clean test images of ${setName(dataset)} over the generations`,
    description: "Error of networks that were trained on images with the best disturbance up to " +
      "each generation: each repeat, and the mean with a band of one standard deviation to both " +
      "sides. The error of networks that were trained on clean images is there for comparison.",
    x: { column: "generations", label: "generations of the search", integer: true },
    y: { column: "test_error", label: "error on clean test images, %" },
    series: [{ name: "mean", style: "bold", points: mean }, ...own, ...cleanError],
    width: 460,
  });
}

function claimsOf(repeats: readonly Repeat[]): Claim[] {
  const generations = generationsOf(repeats);
  const [first, last] = [generations[0] ?? 0, generations.at(-1) ?? 0];
  return [
    {
      claim: `The error grows from generation ${first + 1} to ${last + 1}`,
      higher: repeats.map((repeat) => errorAt(repeat, last)),
      lower: repeats.map((repeat) => errorAt(repeat, first)),
    },
    ...(isBackgroundDefined(repeats)
      ? [{
        claim: "Training on disturbed images moves the attention to the background",
        higher: repeats.map(({ mddes }) => onBackground(mddes)),
        lower: repeats.map(({ clean }) => onBackground(clean)),
      }]
      : []),
  ];
}

/** `generations.csv`, `attention.csv` and `claims.csv`. */
export function figure2Tables(repeats: readonly Repeat[]): Record<string, CsvRow[]> {
  return {
    generations: repeats.flatMap(({ dataset, repeat, directory, history }) =>
      history.map(({ generation, fitness, outcome }) => ({
        dataset,
        repeat,
        generations: generation + 1,
        best_fitness: fitness,
        test_accuracy: accuracy(outcome),
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        search: directory,
      }))
    ),
    attention: repeats.flatMap(({ dataset, repeat, clean, mddes }) =>
      [clean, mddes].flatMap(({ job, maps }) =>
        (maps?.classes ?? []).map(({ images, empty, onBackground, background }, label) => ({
          dataset,
          repeat,
          trained_on: job.trainedOn,
          class: label,
          images,
          maps_without_attention: empty,
          share_on_background: onBackground,
          background,
        }))
      )
    ),
    claims: [...Map.groupBy(repeats, ({ dataset }) => dataset)]
      .flatMap(([dataset, own]) => claimRows(dataset, claimsOf(own))),
  };
}
