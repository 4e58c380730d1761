/**
 * What `transfer` shows, from the networks that were tested.
 *
 * @module
 */
import { meanText } from "../findings/claims.ts";
import { figureId, type Findings } from "../findings/findings.ts";
import { lineFigure, type LineSeries } from "../../report/figures/line_figure.ts";
import type { Figure } from "../../report/figures/figure.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { type Cell, cellsOf, epochsOf, type Test, valuesOf } from "./measurements.ts";

/**
 * Put the findings together.
 *
 * @param origin Where the disturbance is from, such as `runs/a`.
 * @param made How it was made: paragraphs.
 */
export function transferFindings(
  tests: readonly Test[],
  origin: string,
  made: readonly string[],
): Findings {
  const pairs = [...Map.groupBy(cellsOf(tests), pairOf).values()];
  const figures = curvesOf(pairs);
  const failures = tests.flatMap(({ job, outcome }) =>
    outcome.type === "TestFailed" ? [`${job.label} failed: ${outcome.reason}`] : []
  );
  return {
    title: `Transfer of ${origin}`,
    introduction: [
      "Networks are trained on disturbed images, and on clean ones beside them, and tested on clean " +
      "test images after every epoch.",
    ],
    sections: [
      {
        title: "Last and best",
        content: [
          matrix("Accuracy on clean test images after the last epoch", pairs, lastText),
          matrix(
            "The same after each network's best epoch, and which one that was",
            pairs,
            peakText,
          ),
          "All in per cent, mean ± standard deviation over the networks. The best epoch is chosen by " +
          "the test images themselves: a defence that stops early cannot know it, and does at most " +
          "as well.",
          ...failures,
        ],
      },
      ...(figures.length === 0 ? [] : [{ title: "Epoch by epoch", content: [figures] }]),
      { title: "How it was made", content: [...made] },
    ],
  };
}

function pairOf({ network, optimizer }: Cell): string {
  return `${network}, ${optimizer}`;
}

/** A row for each pair of network and optimizer, a column for what they were trained on. */
function matrix(
  caption: string,
  pairs: readonly (readonly Cell[])[],
  text: (cell: Cell) => string,
): TableOptions {
  return {
    caption,
    columns: ["network", "optimizer", ...pairs[0]!.map(({ method }) => method)],
    rows: pairs.map((cells) => {
      const { network, optimizer } = cells[0]!;
      return [network, optimizer, ...cells.map(text)];
    }),
  };
}

function lastText(cell: Cell): string {
  return meanText(valuesOf(cell, "last"));
}

function peakText(cell: Cell): string {
  const accuracy = meanText(valuesOf(cell, "peak"));
  const epochs = valuesOf(cell, "peakEpoch").filter((epoch) => epoch !== null);
  if (epochs.length === 0) return accuracy;
  const isSame = new Set(epochs).size === 1;
  const epoch = isSame ? epochs[0] : meanText(epochs, (epoch) => epoch.toFixed(1));
  return `${accuracy}, epoch ${epoch}`;
}

/** A figure for each pair, all on the same scale; none of a pair whose trainings all failed. */
function curvesOf(pairs: readonly (readonly Cell[])[]): Figure[] {
  const drawn = pairs
    .map((cells) => ({ pair: cells[0]!, series: cells.map(seriesOf) }))
    .map(({ pair, series }) => ({ pair, series: series.filter(({ points }) => points.length > 0) }))
    .filter(({ series }) => series.length > 0);
  const ends = drawn.flatMap(({ series }) => series).flatMap(({ points }) => points)
    .flatMap(({ y, low = y, high = y }) => [low, high]);
  const domain = [Math.min(...ends), Math.max(...ends)] as const;
  const ids = distinct(
    drawn.map(({ pair: { network, optimizer } }) =>
      figureId("transfer", `${network}-${optimizer}`)
    ),
  );
  return drawn.map(({ pair: { network, optimizer }, series }, index) =>
    lineFigure({
      id: ids[index]!,
      title: `${network}, ${optimizer}`,
      description:
        "Accuracy on clean test images after each epoch, by what was trained on: means " +
        "over the networks. The bands reach one standard deviation to both sides.",
      x: { column: "epoch", integer: true },
      y: { column: "test_accuracy", label: "accuracy on clean test images, %", domain },
      series,
    })
  );
}

/** Ids leave out what is special in names, such as capital letters: the same ones are numbered. */
function distinct(ids: readonly string[]): string[] {
  return ids.map((id, index) => {
    const number = ids.slice(0, index).filter((other) => other === id).length + 1;
    return number === 1 ? id : `${id}-${number}`;
  });
}

function seriesOf(cell: Cell): LineSeries {
  const points = epochsOf(cell).map((accuracies, epoch) => {
    const { mean, deviation } = meanAndDeviation(accuracies);
    const band = deviation === null
      ? {}
      : { low: 100 * (mean - deviation), high: 100 * (mean + deviation) };
    return { x: epoch + 1, y: 100 * mean, ...band };
  });
  return { name: cell.method, points };
}
