/**
 * What was measured of a method: for each search, what its best disturbance does after so many
 * evaluations.
 *
 * @module
 */
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { accuracyOf } from "../study/methods.ts";
import { type Claim, claimRows } from "../findings/claims.ts";
import type { CsvRow } from "../findings/findings.ts";

/** A search, and networks that were trained on what it had found on the way. */
export interface MethodRepeat {
  readonly dataset: string;
  readonly method: string;
  readonly repeat: number;
  /** The folder of the search. */
  readonly directory: string;
  /** In the order of the evaluations. */
  readonly steps: readonly Step[];
}

/** The best candidate of the first evaluations, and the network that was trained on it. */
export interface Step {
  readonly evaluations: number;
  /** Of the candidate, as the search saw it. */
  readonly fitness: number;
  readonly outcome: TestOutcome;
}

/** What a method is measured by: how many points learning takes off what drawing leaves. */
const BASELINE = "random-search";

/** Numbers of evaluations after which something was tested, rising. */
export function budgetsOf(repeats: readonly MethodRepeat[]): number[] {
  const all = repeats.flatMap(({ steps }) => steps.map(({ evaluations }) => evaluations));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** In the order in which they were searched. */
export function methodsOf(repeats: readonly MethodRepeat[]): string[] {
  return [...new Set(repeats.map(({ method }) => method))];
}

/** Accuracy on clean test images, 0 to 1, repeat by repeat; `null` where there is none. */
export function accuraciesAt(
  repeats: readonly MethodRepeat[],
  method: string,
  evaluations: number,
): (number | null)[] {
  return repeats.filter((one) => one.method === method).map(({ steps }) => {
    const step = steps.find((step) => step.evaluations === evaluations);
    return step ? accuracyOf(step.outcome) : null;
  });
}

/** That a method leaves less than drawing does with as many evaluations, of one set of images. */
export function claimsOf(repeats: readonly MethodRepeat[]): Claim[] {
  return methodsOf(repeats).filter((method) => method !== BASELINE).flatMap((method) =>
    budgetsOf(repeats).map((evaluations) => ({
      claim: `${BASELINE} > ${method} after ${evaluations} evaluations`,
      higher: accuraciesAt(repeats, BASELINE, evaluations),
      lower: accuraciesAt(repeats, method, evaluations),
    }))
  );
}

/** `steps.csv` and `claims.csv`. */
export function budgetTables(repeats: readonly MethodRepeat[]): Record<string, CsvRow[]> {
  return {
    steps: repeats.flatMap(({ dataset, method, repeat, directory, steps }) =>
      steps.map(({ evaluations, fitness, outcome }) => ({
        dataset,
        method,
        repeat,
        evaluations,
        best_fitness: fitness,
        test_accuracy: accuracyOf(outcome),
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        search: directory,
      }))
    ),
    claims: [...Map.groupBy(repeats, ({ dataset }) => dataset)]
      .flatMap(([dataset, own]) => claimRows(dataset, claimsOf(own))),
  };
}
