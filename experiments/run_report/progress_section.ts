/**
 * How the search went: fitness, its terms, and the search distribution, over generations.
 *
 * @module
 */
import type { GenerationDone } from "../../actors/record/facts.ts";
import { note } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { lineFigure } from "../../report/figures/line_figure.ts";
import { measureOf } from "./measure.ts";
import type { Section } from "../../report/page/page.ts";
import type { ReportedRun } from "./reported_run.ts";
import { GENERATION, generationFigure, isWide, pointsOf } from "./run_series.ts";

/** Fitness and the distribution over generations. */
export function progressSection(runs: readonly ReportedRun[]): Section {
  const figures = [
    ...(runs.length === 1 ? [fitnessOfOne(runs[0]!), termsOfOne(runs[0]!)] : ofSeveral(runs)),
    generationFigure(
      {
        id: "sigma",
        title: "Step size",
        description: "The step size sigma of the search distribution after each generation" +
          `${ofRuns(runs)}. It shrinks as the search closes in.`,
      },
      { column: "sigma", label: "sigma" },
      runs,
      ({ sigma }) => sigma,
    ),
    generationFigure(
      {
        id: "axis-ratio",
        title: "Axis ratio",
        description: "Longest over shortest principal axis of the search distribution after each " +
          `generation${ofRuns(runs)}. 1 is a sphere.`,
      },
      { column: "axis_ratio" },
      runs,
      ({ axisRatio }) => axisRatio,
    ),
  ].filter((figure) => figure !== undefined);
  return {
    title: "Progress",
    content: figures.length > 0 ? [figures] : [note("No generation is done yet.")],
  };
}

function ofRuns(runs: readonly ReportedRun[]): string {
  return runs.length === 1 ? "" : ", for each run and as the median, as far as all runs go";
}

function fitnessOfOne({ generations, kind }: ReportedRun): Figure | undefined {
  const { word, direction, of } = measureOf({ kind });
  const kinds: [string, (done: GenerationDone) => number | null][] = [
    ["best", ({ bestFitness }) => of(bestFitness)],
    ["worst", ({ worstFitness }) => of(worstFitness)],
    ["best so far", ({ bestSoFar }) => of(bestSoFar)],
  ];
  const series = [
    {
      name: "median",
      style: "bold" as const,
      points: pointsOf(generations, ({ medianFitness }) => of(medianFitness)),
    },
    ...kinds.map(([name, valueOf]) => ({ name, points: pointsOf(generations, valueOf) })),
  ].filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  return lineFigure({
    id: "fitness",
    title: word === "fitness" ? "Fitness" : "Value of the objective",
    description: `Best, median and worst ${word} of the candidates of each generation, and the ` +
      `best of all generations so far. ${direction}`,
    x: GENERATION,
    y: { column: word, log: isWide(series) },
    series,
  });
}

function termsOfOne({ generations }: ReportedRun): Figure | undefined {
  const own = Object.keys(generations[0]?.means ?? {})
    .filter((name) => name !== "mismatch" && name !== "divergence");
  const series = [
    {
      name: "semantic mismatch",
      points: pointsOf(generations, ({ means }) => means.mismatch ?? null),
    },
    {
      name: "domain divergence",
      points: pointsOf(generations, ({ means }) => means.divergence ?? null),
    },
    ...own.map((name) => ({
      name,
      points: pointsOf(generations, ({ means }) => means[name] ?? null),
    })),
  ].filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  return lineFigure({
    id: "terms",
    title: "Terms of the fitness",
    description:
      "Semantic mismatch F_m, domain divergence F_d and terms of one's own, without their " +
      "weights: the mean over the candidates of each generation.",
    x: GENERATION,
    y: { column: "score", label: "mean score" },
    series,
  });
}

function ofSeveral(runs: readonly ReportedRun[]): (Figure | undefined)[] {
  const { word, of } = measureOf(runs[0]!);
  const kinds: [string, string, string, (done: GenerationDone) => number | null][] = [
    [
      "best-so-far",
      `Best ${word} so far`,
      `The best ${word} of all generations so far`,
      ({ bestSoFar }) => of(bestSoFar),
    ],
    [
      `median-${word}`,
      `Median ${word}`,
      `The median ${word} of the candidates of each generation`,
      ({ medianFitness }) => of(medianFitness),
    ],
    [
      "mismatch",
      "Semantic mismatch",
      "Semantic mismatch F_m, the mean over the candidates of each generation",
      ({ means }) => means.mismatch ?? null,
    ],
    [
      "divergence",
      "Domain divergence",
      "Domain divergence F_d, the mean over the candidates of each generation",
      ({ means }) => means.divergence ?? null,
    ],
  ];
  return kinds.map(([id, title, what, valueOf]) =>
    generationFigure(
      { id, title, description: `${what}${ofRuns(runs)}.` },
      { column: id.replaceAll("-", "_") },
      runs,
      valueOf,
    )
  );
}
