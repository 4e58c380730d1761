/**
 * What the table shows, from the networks that were tested.
 *
 * @module
 */
import { meanText, pText } from "../findings/claims.ts";
import type { Finding, Findings } from "../findings/findings.ts";
import { type Bar, barFigure } from "../../report/figures/bar_figure.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { settingsText, VERDICTS } from "../findings/settings_text.ts";
import { summaryOf } from "../study/statistics.ts";
import { cellOf, cellsOf, orderingTests, type Table1 } from "./cells.ts";
import { inPaperMeans } from "./orderings.ts";
import { isInPaper, PAPER_DATASET, paperCell, paperNetworkFor } from "./paper.ts";

/** Put the findings together. */
export function table1Findings(table: Table1): Findings {
  const { preset, presetName, seed } = table.experiment;
  const figure = accuracyFigure(table);
  const accuracies: Finding = {
    title: "The table",
    content: [...(figure ? [[figure]] : []), accuracyTable(table)],
  };
  return {
    title: `Table 1: ${preset.dataset}, preset ${presetName}`,
    introduction: [
      "Networks are trained on disturbed images and tested on clean ones. clean: no disturbance. " +
      "leftmost: a pixel in the left-most column whose row is the class. uniform: pixels drawn at " +
      "random. ops: One-Pixel Shortcut. mddes: evolved pixels. class-wise: evolved class by class. random-search: the best of as " +
      "many random ones. fm-only and fd-only: evolved by the semantic mismatch or the domain divergence alone.",
      "The paper's numbers are of SVHN, 30 epochs with augmentation." +
      (preset.networks.every((network) => isInPaper(preset.dataset, network))
        ? ""
        : " They stand next to these for their order: images, networks or both are others."),
    ],
    sections: [
      accuracies,
      {
        title: "Orderings",
        content: [
          orderingTable(table),
          VERDICTS,
          "The paper's means: for how many of its networks the paper's own table has that order.",
        ],
      },
      {
        title: "How it was made",
        content: [...settingsText(preset, seed), ...table.sources],
      },
    ],
  };
}

function accuracyTable(table: Table1): TableOptions {
  const { networks } = table.experiment.preset;
  return {
    caption: "Accuracy on clean test images in per cent, mean ± standard deviation",
    columns: [
      "trained on",
      ...networks.flatMap((network) => [
        network,
        `the paper: ${PAPER_DATASET}, ${paperNetworkFor(network)}`,
      ]),
    ],
    rows: table.rows.map((row) => [
      row.name,
      ...networks.flatMap((network) => [
        meanText(cellOf(table, row, network).values),
        paperCell(paperNetworkFor(network), row.name)?.map((value) => value.toFixed(1))
          .join(" ± ") ?? "none",
      ]),
    ]),
  };
}

function orderingTable(table: Table1): TableOptions {
  return {
    caption: "Which accuracy is above which: mean difference in percentage points",
    columns: ["ordering", "claimed by", "network", "points", "p", "verdict", "the paper's means"],
    rows: orderingTests(table).map((test) => [
      `${test.higher} > ${test.lower}`,
      test.claimedBy === "paper" ? "the paper" : "this project",
      test.network,
      test.differences.length === 0 ? "" : meanText(test.differences),
      pText(test.p),
      test.verdict,
      inPaperMeans(test),
    ]),
  };
}

/** Nothing if every training failed. */
function accuracyFigure(table: Table1): Figure | undefined {
  const { dataset } = table.experiment.preset;
  const bars = cellsOf(table).flatMap(({ row, network, values }): Bar[] => {
    const { mean, deviation } = summaryOf(values);
    const paper = isInPaper(dataset, network) ? paperCell(network, row.name) : undefined;
    return [
      ...(mean === null
        ? []
        : [barOf(row.name, network, 100 * mean, deviation === null ? null : 100 * deviation)]),
      ...(paper ? [barOf(row.name, `${network}, the paper`, ...paper)] : []),
    ];
  });
  if (bars.length === 0) return undefined;
  return barFigure({
    id: "table1-accuracy",
    title: "Accuracy on clean test images",
    description: "Means over the repeats, by what the networks were trained on. The lines reach " +
      "one standard deviation to both sides.",
    category: "trained_on",
    group: "network",
    value: { column: "test_accuracy", label: "accuracy on clean test images, %" },
    bars,
  });
}

function barOf(category: string, group: string, value: number, deviation: number | null): Bar {
  const ends = deviation === null ? {} : { low: value - deviation, high: value + deviation };
  return { category, group, value, ...ends };
}
