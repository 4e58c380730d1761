/**
 * What was measured of a method: for each search, what its best disturbance does after so many
 * evaluations.
 *
 * @module
 */
import { summaryOf } from "../study/statistics.ts";
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

/** The best candidate of the first evaluations, and the networks that were trained on it. */
export interface Step {
  readonly evaluations: number;
  /** Of the candidate, as the search saw it. */
  readonly fitness: number;
  readonly networks: readonly StepNetwork[];
}

/** A network that was tested, or could not be trained. */
export interface StepNetwork {
  /** On clean test images, 0 to 1; `null` where the training failed. */
  readonly accuracy: number | null;
  /** Why it failed. */
  readonly failure: string | null;
}

/** What a method is measured by: how many points learning takes off what drawing leaves. */
const BASELINE = "random-search";

/** Numbers of evaluations after which something was tested, rising; of one method, or of any. */
export function budgetsOf(repeats: readonly MethodRepeat[], method?: string): number[] {
  const all = repeats.filter((one) => method === undefined || one.method === method)
    .flatMap(({ steps }) => steps.map(({ evaluations }) => evaluations));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** In the order in which they were searched. */
export function methodsOf(repeats: readonly MethodRepeat[]): string[] {
  return [...new Set(repeats.map(({ method }) => method))];
}

/**
 * Accuracy on clean test images, 0 to 1, repeat by repeat: the mean of the networks; `null` where
 * there is none or one of them failed.
 */
export function accuraciesAt(
  repeats: readonly MethodRepeat[],
  method: string,
  evaluations: number,
): (number | null)[] {
  return repeats.filter((one) => one.method === method).map(({ steps }) => {
    const step = steps.find((step) => step.evaluations === evaluations);
    if (!step) return null;
    const { mean, failed } = summaryOf(step.networks.map(({ accuracy }) => accuracy));
    return failed > 0 ? null : mean;
  });
}

/**
 * What is claimed for one set of images: that a method leaves less than drawing does with as many
 * evaluations; and that learning class by class, ended early, leaves less than `mddes` in the end.
 */
export function claimsOf(repeats: readonly MethodRepeat[]): Claim[] {
  const leavesLess = (
    [high, more]: readonly [string, number],
    [low, evaluations]: readonly [string, number],
  ): Claim => ({
    claim: more === evaluations
      ? `${high} > ${low} after ${evaluations} evaluations`
      : `${high} after ${more} evaluations > ${low} after ${evaluations}`,
    higher: accuraciesAt(repeats, high, more),
    lower: accuraciesAt(repeats, low, evaluations),
  });
  const end = budgetsOf(repeats, "mddes").at(-1);
  const early = budgetsOf(repeats, "class-wise").at(-1);
  return [
    ...methodsOf(repeats).filter((method) => method !== BASELINE).flatMap((method) =>
      budgetsOf(repeats, method).map((evaluations) =>
        leavesLess([BASELINE, evaluations], [method, evaluations])
      )
    ),
    ...(end && early ? [leavesLess(["mddes", end], ["class-wise", early])] : []),
  ];
}

/** `steps.csv` and `claims.csv`. */
export function budgetTables(repeats: readonly MethodRepeat[]): Record<string, CsvRow[]> {
  return {
    steps: repeats.flatMap(({ dataset, method, repeat, directory, steps }) =>
      steps.flatMap(({ evaluations, fitness, networks }) =>
        networks.map(({ accuracy, failure }, network) => ({
          dataset,
          method,
          repeat,
          evaluations,
          best_fitness: fitness,
          network,
          test_accuracy: accuracy,
          failure,
          search: directory,
        }))
      )
    ),
    claims: [...Map.groupBy(repeats, ({ dataset }) => dataset)]
      .flatMap(([dataset, own]) => claimRows(dataset, claimsOf(own))),
  };
}
