/**
 * Networks that `evaluate` and the demo trained and tested, read back from their CSV and
 * summed up.
 *
 * @module
 */
import { numberOf, readCsv } from "../../actors/record/read_csv.ts";
import { countCell } from "../../report/numbers.ts";
import { summaryOf } from "../study/statistics.ts";

/** One network and its test. Accuracies are from 0 to 1, and `null` where the training failed. */
export interface NetworkTest {
  /** What it was trained on: `clean`, `mddes`, ... */
  readonly method: string;
  /** On clean test images. */
  readonly testAccuracy: number | null;
  /** On the disturbed training images. */
  readonly perturbedAccuracy: number | null;
}

/**
 * Read what `testsCsv` of `methods.ts` wrote.
 *
 * @throws {SyntaxError} If a column is missing, or a cell is not what it must be.
 */
export function readTests(path: string): NetworkTest[] {
  return readCsv(path).map((line) => {
    const method = line.cells["method"];
    if (!method) throw new SyntaxError(`Cannot read ${line.where}: it names no method`);
    if (line.cells["status"] === "failed") {
      return { method, testAccuracy: null, perturbedAccuracy: null };
    }
    return {
      method,
      testAccuracy: numberOf(line, "test_accuracy"),
      perturbedAccuracy: numberOf(line, "perturbed_accuracy"),
    };
  });
}

/**
 * Everything that was tested with the winner of a run, by file, without `.csv`.
 *
 * @throws {SyntaxError} If a file is damaged.
 */
export function readAllTests(directory: string): Map<string, readonly NetworkTest[]> {
  return new Map(
    testFiles(directory).map((file) => [file, readTests(`${directory}/${file}.csv`)]),
  );
}

/** The files in the folder of a run that have tests, without `.csv`. */
export function testFiles(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name)
    .filter((name) => /^evaluation.*\.csv$/.test(name)).sort()
    .map((name) => name.replace(/\.csv$/, ""));
}

/** Networks that were trained alike and tested. */
export interface TestResult {
  readonly run: string;
  /** The network and its optimizer, after a set of images if it is not that of the search. */
  readonly what: string;
  /** What they were trained on: `clean`, `mddes`, ... */
  readonly method: string;
  /** How many there are, and how many of them failed. */
  readonly networks: number | string;
  /** In per cent, as the others below; `null` where all failed. */
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly perturbed: number | null;
}

/** What was tested with the winner of a run, a result for each file and method. */
export function testResults(
  run: string,
  tests: ReadonlyMap<string, readonly NetworkTest[]>,
): TestResult[] {
  return [...tests].flatMap(([file, all]) =>
    [...new Set(all.map(({ method }) => method))].map((method) => {
      const some = all.filter((test) => test.method === method);
      const { whole, failed, mean, deviation } = summaryOf(
        some.map(({ testAccuracy }) => inPercent(testAccuracy)),
      );
      return {
        run,
        what: file.replace(/^evaluation-?/, "") || "demo",
        method,
        networks: countCell(whole.length, failed),
        mean,
        deviation,
        perturbed: summaryOf(some.map((test) => inPercent(test.perturbedAccuracy))).mean,
      };
    })
  );
}

function inPercent(share: number | null): number | null {
  return share === null ? null : 100 * share;
}
