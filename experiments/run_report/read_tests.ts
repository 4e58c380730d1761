/**
 * Networks that `deno task evaluate` and the demo trained and tested, read back from their CSV.
 *
 * @module
 */
import { numberOf, readCsv } from "../../actors/record/read_csv.ts";

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
