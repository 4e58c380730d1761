/**
 * Networks that were trained with the winner, and tested on clean images.
 *
 * @module
 */
import { meanAndDeviation } from "../statistics.ts";
import { type Bar, barFigure } from "./bar_figure.ts";
import { paragraph, table, type TableCell } from "./blocks.ts";
import type { Section } from "./page.ts";
import type { ReportedRun } from "./reported_run.ts";

/** Accuracy on clean test images; `undefined` for runs of `minimize`. */
export function testsSection(runs: readonly ReportedRun[]): Section | undefined {
  if (runs.some(({ kind }) => kind === "minimize")) return undefined;
  const title = "Clean-test accuracy";
  const results = runs.flatMap(resultsOf);
  if (results.length === 0) {
    const finished = runs.filter((run) => run.finished).map(({ directory }) => directory);
    const [run] = finished.length === 1 ? finished : ["RUN"];
    const hint = finished.length === 0 ? "" : ` To do so: deno task evaluate --run ${run}`;
    return { title, content: [paragraph(`Nothing was tested yet.${hint}`)] };
  }
  const labelOf = ({ run, file }: TestResult) => {
    const network = file.replace(/^evaluation-?/, "") || "demo";
    return runs.length === 1 ? network : `${network}, ${run}`;
  };
  const bars = results.map((result): Bar => ({
    category: labelOf(result),
    group: result.method,
    value: result.mean,
    ...(result.deviation !== null
      ? { low: result.mean - result.deviation, high: result.mean + result.deviation }
      : {}),
  }));
  const figure = barFigure({
    id: "clean-test-accuracy",
    title,
    description:
      "Accuracy on clean test images of networks that were trained on clean or disturbed " +
      "training images, by what they were trained on: mean and one standard deviation.",
    category: "network",
    group: "trained_on",
    value: { column: "accuracy_percent", label: "accuracy on clean test images, %" },
    bars,
  });
  const rows = results.map((result): TableCell[] => [
    labelOf(result),
    result.method,
    oneDecimal(result.mean),
    result.deviation === null ? null : oneDecimal(result.deviation),
    oneDecimal(result.perturbed),
    result.networks,
  ]);
  const columns = ["network", "trained on", "test %", "deviation", "training %", "networks"];
  return {
    title,
    content: [
      [
        figure,
        table({
          caption: "Accuracy on clean test images, and on the images that were trained on",
          columns,
          rows,
        }),
      ],
    ],
  };
}

interface TestResult {
  readonly run: string;
  readonly file: string;
  readonly method: string;
  readonly networks: number;
  /** In per cent, as the others below. */
  readonly mean: number;
  readonly deviation: number | null;
  readonly perturbed: number;
}

function resultsOf({ name, tests }: ReportedRun): TestResult[] {
  return [...tests].flatMap(([file, all]) =>
    [...new Set(all.map(({ method }) => method))].map((method) => {
      const some = all.filter((test) => test.method === method);
      return {
        run: name,
        file,
        method,
        networks: some.length,
        ...meanAndDeviation(some.map(({ testAccuracy }) => 100 * testAccuracy)),
        perturbed: meanAndDeviation(some.map((test) => 100 * test.perturbedAccuracy)).mean,
      };
    })
  );
}

function oneDecimal(value: number): number {
  return Number(value.toFixed(1));
}
