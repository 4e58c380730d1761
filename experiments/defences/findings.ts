/**
 * What defences do, as a table and a figure.
 *
 * @module
 */
import { describeDefence } from "../../datasets/defences/defences.ts";
import { meanText } from "../findings/claims.ts";
import type { Findings } from "../findings/findings.ts";
import { barFigure } from "../../report/figures/bar_figure.ts";
import type { Figure } from "../../report/figures/figure.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import { summaryOf } from "../study/statistics.ts";
import { accuraciesOf, axesOf, type Test } from "./measurements.ts";
import { published, PUBLISHED_NOTE, PUBLISHED_OF } from "./published.ts";

/** What else is said. */
export interface DefenceContext {
  /** Whose disturbance it is. */
  readonly of: string;
  /** How the networks were trained, and on which images, in sentences. */
  readonly settings: readonly string[];
  /** What has no column, and why, in sentences. */
  readonly leftOut: readonly string[];
}

/** Put the findings together. */
export function defenceFindings(
  tests: readonly Test[],
  { of, settings, leftOut }: DefenceContext,
): Findings {
  const { columns } = axesOf(tests);
  return {
    title: `Defences against the disturbance of ${of}`,
    introduction: [
      "Networks are trained on disturbed images, and whoever trains them defends against " +
      "disturbances. They are tested on clean test images, which no defence changes. The higher the " +
      "accuracy, the better the defence; what it costs is in the row clean.",
    ],
    sections: [
      {
        title: "Accuracy on clean test images",
        content: [...accuracyFigure(tests), accuracyTable(tests), PUBLISHED_NOTE],
      },
      {
        title: "The defences",
        content: [
          {
            caption: "What becomes of the training images, after the disturbance",
            columns: ["defence", "what it does"],
            rows: columns.map((
              column,
            ) => [column, column === "none" ? "nothing" : describeDefence(column)]),
          },
          ...leftOut,
        ],
      },
      { title: "How it was made", content: settings },
    ],
  };
}

function accuracyTable(tests: readonly Test[]): TableOptions {
  const { methods, columns } = axesOf(tests);
  return {
    caption:
      "Accuracy on clean test images in per cent, mean ± standard deviation over all networks",
    columns: ["trained on", ...columns],
    rows: [
      ...methods.map((method) => [
        method,
        ...columns.map((column) => meanText(accuraciesOf(tests, method, column))),
      ]),
      [PUBLISHED_OF, ...columns.map((column) => published(column)?.toFixed(2) ?? null)],
    ],
  };
}

/** Nothing if every training failed. */
function accuracyFigure(tests: readonly Test[]): Figure[][] {
  const { methods, columns } = axesOf(tests);
  const bars = columns.flatMap((column) =>
    methods.flatMap((method) => {
      const { mean, deviation } = summaryOf(accuraciesOf(tests, method, column));
      if (mean === null) return [];
      const ends = deviation === null
        ? {}
        : { low: 100 * (mean - deviation), high: 100 * (mean + deviation) };
      return [{ category: column, group: method, value: 100 * mean, ...ends }];
    })
  );
  if (bars.length === 0) return [];
  return [[barFigure({
    id: "defences",
    title: "Accuracy on clean test images, by defence",
    description:
      "Means over all networks, for each defence and for what the networks were trained " +
      "on. The lines reach one standard deviation to both sides.",
    category: "defence",
    group: "trained_on",
    value: { column: "test_accuracy", label: "accuracy on clean test images, %" },
    bars,
  })]];
}
