/**
 * Networks that `evaluate` and the demo trained and tested, read back from their CSV and
 * summed up.
 *
 * @module
 */
import type { EvaluationKey } from "../../actors/record/facts.ts";
import { type CsvLine, numberOf, readCsv } from "../../actors/record/read_csv.ts";
import { countCell } from "../../report/numbers.ts";
import { summaryOf } from "../study/statistics.ts";

/** One network and its test. Accuracies are from 0 to 1, and `null` where the training failed. */
export interface NetworkTest {
  /** What it was trained on: `clean`, `mddes`, ... */
  readonly method: string;
  /** Whose disturbance it was: `3/5`; `null` if no candidate's, or in a file that does not say it. */
  readonly candidate: string | null;
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
    const candidate = candidateOf(line);
    if (line.cells["status"] === "failed") {
      return { method, candidate, testAccuracy: null, perturbedAccuracy: null };
    }
    return {
      method,
      candidate,
      testAccuracy: numberOf(line, "test_accuracy"),
      perturbedAccuracy: numberOf(line, "perturbed_accuracy"),
    };
  });
}

/** Files of mddes 0.1.0 name no candidate. */
function candidateOf(line: CsvLine): string | null {
  if (!line.cells["generation"]) return null;
  return `${numberOf(line, "generation")}/${numberOf(line, "candidate")}`;
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
  /** Whose disturbance it was, where that is not the winner now: `3/5`. */
  readonly formerWinner: string | undefined;
  /** How many there are, and how many of them failed. */
  readonly networks: number | string;
  /** In per cent, as the others below; `null` where all failed. */
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly perturbed: number | null;
}

/**
 * What was tested with the winner of a run, a result for each file and method.
 *
 * @param winner The one that the run has now, if it has one. A run that was extended may have tests of
 *   another one, from before.
 */
export function testResults(
  run: string,
  tests: ReadonlyMap<string, readonly NetworkTest[]>,
  winner: Pick<EvaluationKey, "generation" | "candidate"> | null,
): TestResult[] {
  const now = winner && `${winner.generation}/${winner.candidate}`;
  return [...tests].flatMap(([file, all]) =>
    [...Map.groupBy(all, ({ method }) => method)].map(([method, some]) => {
      const [{ candidate }] = some as [NetworkTest, ...NetworkTest[]];
      const { whole, failed, mean, deviation } = summaryOf(
        some.map(({ testAccuracy }) => inPercent(testAccuracy)),
      );
      return {
        run,
        what: file.replace(/^evaluation-?/, "") || "demo",
        method,
        formerWinner: candidate === now ? undefined : candidate ?? undefined,
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
