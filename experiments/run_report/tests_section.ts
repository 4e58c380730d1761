/**
 * Networks that were trained with the winner, and tested on clean images.
 *
 * @module
 */
import { runCommandText } from "../../command_text.ts";
import { type Bar, barFigure } from "../../report/figures/bar_figure.ts";
import { note, paragraph, table, type TableCell } from "../../report/page/blocks.ts";
import type { Section } from "../../report/page/page.ts";
import { type TestResult, testResults } from "./read_tests.ts";
import type { ReportedRun } from "./reported_run.ts";

/** Accuracy on clean test images; `undefined` for runs without images. */
export function testsSection(runs: readonly ReportedRun[]): Section | undefined {
  if (runs.some(({ kind }) => kind !== "search")) return undefined;
  const title = "Clean-test accuracy";
  const results = runs.flatMap((run) =>
    testResults(run.name, run.tests, run.kind === "search" && run.isFinished ? run.best : null)
  );
  const unread = runs.flatMap(({ unreadTests }) => unreadTests).map(note);
  if (results.length === 0 && unread.length > 0) return { title, content: unread };
  if (results.length === 0) {
    const finished = runs.filter((run) => run.isFinished).map(({ directory }) => directory);
    const [run = "RUN"] = finished.length === 1 ? finished : [];
    const hint = finished.length === 0 ? "" : ` To do so: ${runCommandText("evaluate", run)}`;
    return { title, content: [paragraph(`Nothing was tested yet.${hint}`)] };
  }
  const nameOf = ({ run, what }: TestResult) => runs.length === 1 ? what : `${what}, ${run}`;
  const names = [...new Set(results.map(nameOf))];
  // A figure has no room for long names, which may differ at their ends alone.
  const labelOf = (result: TestResult) => {
    const name = nameOf(result);
    return names.length === 1 ? name : `${names.indexOf(name) + 1} ${name}`;
  };
  const methodOf = ({ method, formerWinner }: TestResult) =>
    formerWinner === undefined ? method : `${method} ${formerWinner}`;
  const bars = results.flatMap((result): Bar[] => {
    const { mean: value, deviation } = result;
    if (value === null) return [];
    const ends = deviation === null ? {} : { low: value - deviation, high: value + deviation };
    return [{ category: labelOf(result), group: methodOf(result), value, ...ends }];
  });
  const figures = bars.length === 0 ? [] : [barFigure({
    id: "clean-test-accuracy",
    title,
    description:
      "Accuracy on clean test images of networks that were trained on clean or disturbed " +
      "training images, by what they were trained on: mean and one standard deviation.",
    category: "network",
    group: "trained_on",
    value: { column: "accuracy_percent", label: "accuracy on clean test images, %" },
    bars,
  })];
  const rows = results.map((result): TableCell[] => [
    labelOf(result),
    methodOf(result),
    oneDecimal(result.mean),
    oneDecimal(result.deviation),
    oneDecimal(result.perturbed),
    result.networks,
  ]);
  const former = results.some(({ formerWinner }) => formerWinner !== undefined)
    ? [paragraph(
      "A candidate that is named, such as mddes 3/5, was the winner when it was tested, and is not " +
        "the winner now.",
    )]
    : [];
  const columns = ["network", "trained on", "test %", "deviation", "training %", "networks"];
  return {
    title,
    content: [
      ...unread,
      ...former,
      [
        ...figures,
        table({
          caption: "Accuracy on clean test images, and on the images that were trained on",
          columns,
          rows,
        }),
      ],
    ],
  };
}

function oneDecimal(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(1));
}
