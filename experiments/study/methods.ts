/**
 * The searches that an evolved disturbance is compared with, and tables of how networks did in tests.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import type { SearchOptions } from "../../actors/configuration.ts";
import type { EvaluationKey } from "../../actors/record/facts.ts";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import type { MethodTest } from "../../actors/testing/methods.ts";
import { summaryOf } from "./statistics.ts";
import { countCell, percent } from "../../report/numbers.ts";
import { layOut } from "../terminal/table.ts";

/**
 * What is searched for, and how it differs from the preset's search: `mddes` of the paper, and what
 * it is compared with: learning class by class, the same budget without learning, and each term of the
 * fitness alone.
 */
export const SEARCHED_METHODS = {
  mddes: {},
  "class-wise": { strategy: "class-wise" },
  "random-search": { strategy: "random" },
  "fm-only": { divergenceWeight: 0 },
  "fd-only": { mismatchWeight: 0 },
} as const satisfies Readonly<Record<string, SearchOptions>>;

/** Clean-test accuracy of each method, in per cent: mean, deviation and range over all networks. */
export function accuracyTable(tests: readonly MethodTest[]): string {
  const methods = [...new Set(tests.map(({ method }) => method))];
  return layOut([
    ["trained on", "test accuracy %", "deviation", "lowest", "highest", "networks"],
    ...methods.map((method) => {
      const values = accuraciesOf(tests, method);
      const { whole, failed, mean, deviation } = summaryOf(values);
      const range = mean === null ? [null, null] : [Math.min(...whole), Math.max(...whole)];
      return [
        method,
        ...[mean, deviation, ...range].map((value) => value === null ? "" : percent(value)),
        `${countCell(whole.length, failed)}`,
      ];
    }),
  ]);
}

/** Clean-test accuracies of a method's networks, 0 to 1; `null` where the training failed. */
export function accuraciesOf(tests: readonly MethodTest[], method: string): (number | null)[] {
  return tests.filter((test) => test.method === method).map(({ outcome }) => accuracyOf(outcome));
}

/** Accuracy on clean test images, 0 to 1; `null` if the training failed. */
export function accuracyOf(outcome: TestOutcome): number | null {
  return outcome.type === "TestScores" ? outcome.testAccuracy : null;
}

/** A line for each training that failed. */
export function failuresOf(tests: readonly MethodTest[]): string[] {
  return tests.flatMap(({ method, draw, repeat, outcome }) =>
    outcome.type === "TestFailed"
      ? [`${method}, draw ${draw}, repeat ${repeat} failed: ${outcome.reason}`]
      : []
  );
}

/**
 * The tests as CSV; what failed has no numbers.
 *
 * @param candidates Which candidate of a run the disturbance of a method is. Default: none of any.
 */
export function testsCsv(
  tests: readonly MethodTest[],
  candidates: Readonly<Record<string, Pick<EvaluationKey, "generation" | "candidate">>> = {},
): string {
  return stringify(
    tests.map(({ method, draw, repeat, seed, outcome }) => ({
      method,
      generation: candidates[method]?.generation ?? null,
      candidate: candidates[method]?.candidate ?? null,
      draw,
      repeat,
      seed,
      ...(outcome.type === "TestScores"
        ? {
          test_accuracy: outcome.testAccuracy,
          test_loss: outcome.testLoss,
          perturbed_accuracy: outcome.perturbedAccuracy,
          engine: outcome.engine,
          status: "ok",
        }
        : { status: "failed" }),
    })),
    {
      columns: [
        "method",
        "generation",
        "candidate",
        "draw",
        "repeat",
        "seed",
        "test_accuracy",
        "test_loss",
        "perturbed_accuracy",
        "engine",
        "status",
      ],
    },
  );
}
