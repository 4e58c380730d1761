/**
 * The table as text, as CSV files and as a page.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { TestOutcome } from "../actors/evaluator.ts";
import type { Experiment } from "./experiment.ts";
import {
  inPaperMeans,
  type Ordering,
  orderingsOf,
  type OrderingTest,
  testOrdering,
} from "./orderings.ts";
import { paperCell } from "./paper_table1.ts";
import { writeWhole } from "./report/figure.ts";
import { meanAndDeviation } from "./statistics.ts";
import type { NetworkJob } from "./study.ts";
import { layOut, percent } from "./table.ts";
import type { Row } from "./table1_rows.ts";

/** One network of the table. */
export interface Table1Test extends NetworkJob {
  readonly row: Row;
  readonly repeat: number;
  /** Which uniform disturbance of the repeat. */
  readonly draw: number;
  readonly outcome: TestOutcome;
  /** Where it is kept. */
  readonly file: string;
  /** The folder of the search that found the disturbance. */
  readonly run: string | null;
}

/** All that was found out. */
export interface Table1 {
  readonly experiment: Pick<Experiment, "presetName" | "preset" | "seed" | "directory">;
  /** Which images, one line for each half. */
  readonly source: string;
  readonly rows: readonly Row[];
  readonly tests: readonly Table1Test[];
}

/** A row for one network. */
interface Cell {
  readonly row: Row;
  readonly network: string;
  /** Accuracy of each repeat, 0 to 1; `null` where a training failed. */
  readonly values: readonly (number | null)[];
}

/** The accuracies of a row, repeat by repeat: the mean over draws. */
function cellOf({ experiment, tests }: Table1, row: Row, network: string): Cell {
  const values = Array.from({ length: experiment.preset.repeats }, (_, repeat) => {
    const outcomes = tests
      .filter((test) => test.row.name === row.name && test.training.network === network)
      .filter((test) => test.repeat === repeat)
      .map(({ outcome }) => outcome.type === "TestScores" ? outcome.testAccuracy : null);
    const accuracies = outcomes.filter((value) => value !== null);
    return accuracies.length < outcomes.length ? null : meanAndDeviation(accuracies).mean;
  });
  return { row, network, values };
}

function cellsOf(table: Table1): Cell[] {
  const { preset } = table.experiment;
  return preset.networks.flatMap((network) => table.rows.map((row) => cellOf(table, row, network)));
}

/** The orderings, tested for each network. */
function orderingTests(table: Table1): OrderingTest[] {
  const { preset } = table.experiment;
  const valuesOf = (name: string, network: string) =>
    cellOf(table, table.rows.find((row) => row.name === name)!, network).values;
  return preset.networks.flatMap((network) =>
    orderingsOf(preset.pixels).map((ordering) =>
      testOrdering(
        ordering,
        network,
        valuesOf(ordering.higher, network),
        valuesOf(ordering.lower, network),
      )
    )
  );
}

/** Of no values there is nothing to say. */
function summaryOf(
  values: readonly number[],
): { readonly mean: number | null; readonly deviation: number | null } {
  return values.length === 0 ? { mean: null, deviation: null } : meanAndDeviation(values);
}

/** `63.8 ± 1.8`; what is not there is left out. */
function meanText(values: readonly (number | null)[]): string {
  const whole = values.filter((value) => value !== null);
  if (whole.length === 0) return "failed";
  const { mean, deviation } = meanAndDeviation(whole);
  const failed = values.length - whole.length;
  return percent(mean) + (deviation === null ? "" : ` ± ${percent(deviation)}`) +
    (failed === 0 ? "" : ` (${failed} failed)`);
}

function paperText(dataset: string, network: string, row: Row): string {
  const cell = paperCell(dataset, network, row.name);
  return cell ? cell.map((value) => value.toFixed(1)).join(" ± ") : "none";
}

function orderingText({ higher, lower }: Ordering): string {
  return `${higher} > ${lower}`;
}

function pText(p: number | null): string {
  return p === null ? "" : p < 0.0001 ? "<0.0001" : p.toFixed(4);
}

/** How the numbers came about, in words. */
function settingsText({ experiment: { preset, presetName, seed }, source }: Table1): string[] {
  const { search, training, networks } = preset;
  return [
    ...source.split("\n"),
    `Preset ${presetName}, seed ${seed}`,
    `Searches: ${search.network} on ${search.trainSize} images, ${search.epochs} epochs; ` +
    `${search.generations} generations of ${search.population}`,
    `Tests: ${networks.join(", ")} on ${training.trainSize ?? "all"} images, ` +
    `${training.epochs} epochs, ${training.optimizer}, augmentation ${training.augmentation}`,
  ];
}

const TABLE_TITLE = "Accuracy on clean test images in per cent, mean ± standard deviation";
const ORDERINGS_TITLE = "Orderings of accuracy: one-sided paired t-tests over the repeats";
const ORDERINGS_NOTE = [
  "points: mean difference in percentage points. shown: p < 0.05, each test by itself; at least 3",
  "repeats. The paper's means: for how many of its networks its own table has this order; that",
  "table is of SVHN, with augmentation.",
];

/** The table and the orderings as text. */
export function table1Text(table: Table1): string {
  const { preset } = table.experiment;
  const { dataset, networks, repeats } = preset;
  const accuracies = layOut([
    ["trained on", ...networks.flatMap((network) => [network, "the paper"])],
    ...table.rows.map((row) => [
      row.name,
      ...networks.flatMap((network) => [
        meanText(cellOf(table, row, network).values),
        paperText(dataset, network, row),
      ]),
    ]),
  ]);
  const orderings = layOut([
    ["ordering", "claimed by", "network", "points", "p", "verdict", "the paper's means"],
    ...orderingTests(table).map((test) => [
      orderingText(test),
      test.claimedBy,
      test.network,
      test.differences.length === 0 ? "" : meanText(test.differences),
      pText(test.p),
      test.verdict,
      inPaperMeans(test),
    ]),
  ]);
  return [
    ...settingsText(table),
    "",
    `${TABLE_TITLE} over ${repeats} repeat${repeats === 1 ? "" : "s"}:`,
    "",
    accuracies,
    "",
    `${ORDERINGS_TITLE}:`,
    "",
    orderings,
    "",
    ...ORDERINGS_NOTE,
  ].join("\n");
}

/** Write `table1.txt`, `table1.csv`, `networks.csv` and `orderings.csv`, each whole or not at all. */
export function writeTable1(table: Table1): void {
  const { directory } = table.experiment;
  writeWhole(`${directory}/table1.txt`, `${table1Text(table)}\n`);
  writeWhole(`${directory}/table1.csv`, aggregatesCsv(table));
  writeWhole(`${directory}/networks.csv`, networksCsv(table));
  writeWhole(`${directory}/orderings.csv`, orderingsCsv(table));
}

function aggregatesCsv(table: Table1): string {
  const { dataset } = table.experiment.preset;
  return csv(
    [
      "network",
      "method",
      "pixels",
      "repeats",
      "failed",
      "mean_accuracy",
      "deviation",
      "lowest",
      "highest",
      "paper_mean",
      "paper_deviation",
    ],
    cellsOf(table).map(({ row, network, values }) => {
      const whole = values.filter((value) => value !== null);
      const { mean, deviation } = summaryOf(whole);
      const [paperMean, paperDeviation] = paperCell(dataset, network, row.name) ?? [];
      return {
        network,
        method: row.method,
        pixels: row.pixels,
        repeats: values.length,
        failed: values.length - whole.length,
        mean_accuracy: mean,
        deviation,
        lowest: mean === null ? null : Math.min(...whole),
        highest: mean === null ? null : Math.max(...whole),
        paper_mean: share(paperMean),
        paper_deviation: share(paperDeviation),
      };
    }),
  );
}

/** The paper's per cent, as the other columns have it. */
function share(percentage: number | undefined): number | null {
  return percentage === undefined ? null : Number((percentage / 100).toFixed(3));
}

function networksCsv({ tests }: Table1): string {
  return csv(
    [
      "network",
      "method",
      "pixels",
      "repeat",
      "draw",
      "seed",
      "test_accuracy",
      "test_loss",
      "perturbed_accuracy",
      "failure",
      "engine",
      "search",
      "file",
    ],
    tests.map(({ training, row, repeat, draw, seed, outcome, run, file }) => {
      const scores = outcome.type === "TestScores" ? outcome : undefined;
      return {
        network: training.network,
        method: row.method,
        pixels: row.pixels,
        repeat,
        draw,
        seed,
        test_accuracy: scores?.testAccuracy ?? null,
        test_loss: scores?.testLoss ?? null,
        perturbed_accuracy: scores?.perturbedAccuracy ?? null,
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        engine: scores?.engine ?? null,
        search: run,
        file,
      };
    }),
  );
}

function orderingsCsv(table: Table1): string {
  return csv(
    [
      "higher",
      "lower",
      "claimed_by",
      "network",
      "pairs",
      "mean_difference",
      "deviation",
      "p",
      "verdict",
      "paper_means",
    ],
    orderingTests(table).map((test) => {
      const { mean, deviation } = summaryOf(test.differences);
      return {
        higher: test.higher,
        lower: test.lower,
        claimed_by: test.claimedBy,
        network: test.network,
        pairs: test.differences.length,
        mean_difference: mean,
        deviation,
        p: test.p,
        verdict: test.verdict,
        paper_means: inPaperMeans(test),
      };
    }),
  );
}

function csv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | null>>[],
): string {
  return stringify(rows, { columns });
}
